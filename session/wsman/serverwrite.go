package wsman

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"time"

	"github.com/masterzen/winrm/soap"
)

// Created is a server's answer to Create.
type Created struct {
	// URL is where the shell was made.
	URL, ShellID, ResourceURI, Name, Owner, ClientIP string
	// IdleTimeout and MaxIdleTimeout are written when they are not 0.
	IdleTimeout, MaxIdleTimeout time.Duration
}

// ReceiveAnswer is a server's answer to Receive.
type ReceiveAnswer struct {
	// CommandID is the command that the output is of; "" means the shell.
	CommandID string
	// Data is fragments, one Stream element for each slice.
	Data [][]byte
	// State is "Done", "Running" or "Pending"; "" leaves it out.
	State string
	// ExitCode is written with State "Done".
	ExitCode int
}

// The Append functions write a server's answer to a request to dst and return
// it, as append does. They are as Windows writes them (MS-WSMV 3.1.4).

// AppendCreated writes the answer to Create.
func AppendCreated(dst []byte, r *Request, c Created) []byte {
	dst = appendHead(dst, r, actionCreate+"Response")
	dst = append(dst, "<x:ResourceCreated><a:Address>"...)
	dst = appendEscaped(dst, c.URL)
	dst = append(dst, "</a:Address><a:ReferenceParameters><w:ResourceURI>"...)
	dst = appendEscaped(dst, c.ResourceURI)
	dst = append(dst, `</w:ResourceURI><w:SelectorSet><w:Selector Name="ShellId">`...)
	dst = appendEscaped(dst, c.ShellID)
	dst = append(dst, "</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated><rsp:Shell>"...)
	dst = appendElement(dst, "rsp:ShellId", c.ShellID)
	if c.Name != "" {
		dst = appendElement(dst, "rsp:Name", c.Name)
	}
	dst = appendElement(dst, "rsp:ResourceUri", c.ResourceURI)
	if c.Owner != "" {
		dst = appendElement(dst, "rsp:Owner", c.Owner)
	}
	if c.ClientIP != "" {
		dst = appendElement(dst, "rsp:ClientIP", c.ClientIP)
	}
	if c.IdleTimeout > 0 {
		dst = appendElement(dst, "rsp:IdleTimeOut", formatDuration(c.IdleTimeout))
	}
	dst = append(dst, "<rsp:InputStreams>stdin pr</rsp:InputStreams><rsp:OutputStreams>stdout</rsp:OutputStreams>"...)
	if c.MaxIdleTimeout > 0 {
		dst = appendElement(dst, "rsp:MaxIdleTimeOut", formatDuration(c.MaxIdleTimeout))
	}
	dst = append(dst, "<rsp:State>Connected</rsp:State></rsp:Shell>"...)
	return appendTail(dst)
}

// AppendCommandResponse writes the answer to Command.
func AppendCommandResponse(dst []byte, r *Request, commandID string) []byte {
	dst = appendHead(dst, r, actionCommand+"Response")
	dst = append(dst, "<rsp:CommandResponse>"...)
	dst = appendElement(dst, "rsp:CommandId", commandID)
	dst = append(dst, "</rsp:CommandResponse>"...)
	return appendTail(dst)
}

// AppendReceive writes the answer to Receive; the data go into dst as base64
// without another copy. ReceiveRoom says how much may be in it.
func AppendReceive(dst []byte, r *Request, a ReceiveAnswer) []byte {
	dst = appendHead(dst, r, actionReceive+"Response")
	dst = append(dst, "<rsp:ReceiveResponse>"...)
	for _, data := range a.Data {
		dst = append(dst, `<rsp:Stream Name="stdout"`...)
		dst = appendCommandID(dst, a.CommandID)
		dst = append(dst, '>')
		dst = base64.StdEncoding.AppendEncode(dst, data)
		dst = append(dst, "</rsp:Stream>"...)
	}
	if a.State != "" {
		dst = append(dst, "<rsp:CommandState"...)
		dst = appendCommandID(dst, a.CommandID)
		dst = append(dst, ` State="`+stateURI...)
		dst = appendEscaped(dst, a.State)
		if a.State == "Done" {
			dst = append(dst, `"><rsp:ExitCode>`...)
			dst = strconv.AppendInt(dst, int64(a.ExitCode), 10)
			dst = append(dst, "</rsp:ExitCode></rsp:CommandState>"...)
		} else {
			dst = append(dst, `"/>`...)
		}
	}
	dst = append(dst, "</rsp:ReceiveResponse>"...)
	return appendTail(dst)
}

// ReceiveRoom is how many bytes of data fit into the answer to a Receive whose
// client takes envelopes of limit bytes, in the given number of streams.
func ReceiveRoom(limit, streams int) int {
	const around = 2048 // head, tail, state, ids
	const perStream = 128
	return max(0, limit-around-perStream*streams) / 4 * 3
}

// AppendAck writes the answer to Send, Signal or Delete, by the request's Op.
func AppendAck(dst []byte, r *Request) []byte {
	dst = appendHead(dst, r, r.Action+"Response")
	switch r.Op {
	case opSend:
		dst = append(dst, "<rsp:SendResponse/>"...)
	case opSignal:
		dst = append(dst, "<rsp:SignalResponse/>"...)
	}
	return appendTail(dst)
}

// AppendFault writes a fault, to be sent with HTTP 500. Of f it uses SOAPCode
// ("Sender" if empty), Subcode, Reason, Code, Machine, FaultDetail, Message,
// Provider, ProviderPath, ProviderText and ServerProtocolVersion. r may be nil.
func AppendFault(dst []byte, r *Request, f Fault) []byte {
	dst = appendHead(dst, r, actionFault)
	dst = append(dst, "<s:Fault><s:Code><s:Value>s:"...)
	dst = appendEscaped(dst, orDefault(f.SOAPCode, "Sender"))
	dst = append(dst, "</s:Value>"...)
	if f.Subcode != "" {
		dst = append(dst, "<s:Subcode><s:Value>"+subcodePrefix(f.Subcode)...)
		dst = appendEscaped(dst, f.Subcode)
		dst = append(dst, "</s:Value></s:Subcode>"...)
	}
	dst = append(dst, `</s:Code><s:Reason><s:Text xml:lang="en-US">`...)
	dst = appendEscaped(dst, orDefault(f.Reason, f.Message))
	dst = append(dst, "</s:Text></s:Reason><s:Detail>"...)
	if f.FaultDetail != "" {
		dst = appendElement(dst, "w:FaultDetail", soap.NS_WSMAN_DMTF+"/faultDetail/"+f.FaultDetail)
	}
	dst = append(dst, `<f:WSManFault xmlns:f="`+soap.NS_WSMAN_FAULT...)
	dst = append(dst, fmt.Sprintf(`" Code="%d" Machine="`, f.Code)...)
	dst = appendEscaped(dst, f.Machine)
	dst = append(dst, `"><f:Message>`...)
	dst = appendEscaped(dst, f.Message)
	if f.Provider != "" || f.ProviderText != "" {
		dst = append(dst, `<f:ProviderFault provider="`...)
		dst = appendEscaped(dst, f.Provider)
		dst = append(dst, `" path="`...)
		dst = appendEscaped(dst, f.ProviderPath)
		dst = append(dst, `">`...)
		dst = appendEscaped(dst, f.ProviderText)
		dst = append(dst, "</f:ProviderFault>"...)
	}
	if f.ServerProtocolVersion != "" {
		dst = append(dst, `<PSProtocolVersionError ServerProtocolVersion="`...)
		dst = appendEscaped(dst, f.ServerProtocolVersion)
		dst = append(dst, `"/>`...)
	}
	dst = append(dst, "</f:Message></f:WSManFault></s:Detail></s:Fault>"...)
	return appendTail(dst)
}

// subcodePrefix is the namespace of a subcode: those of WS-Addressing are few.
func subcodePrefix(subcode string) string {
	switch subcode {
	case "DestinationUnreachable", "InvalidMessageInformationHeader", "MessageInformationHeaderRequired",
		"ActionNotSupported", "EndpointUnavailable":
		return "a:"
	}
	return "w:"
}

// TimedOutFault is the answer to a Receive that had nothing to tell in time.
func TimedOutFault(machine string) Fault {
	const text = "The WS-Management service cannot complete the operation within the time specified in OperationTimeout.  "
	return Fault{
		HTTP: 500, Code: 0x80338029, SOAPCode: "Receiver", Subcode: "TimedOut", Machine: machine, Reason: text, Message: text,
	}
}

// ShellGoneFault is the answer to a request for a shell that does not exist.
func ShellGoneFault(machine, shellID string) Fault {
	text := "The request for the Windows Remote Shell with ShellId " + shellID +
		" failed because the shell was not found on the server. Possible causes are: the specified ShellId is" +
		" incorrect or the shell no longer exists on the server. Provide the correct ShellId or create a new" +
		" shell and retry the operation. "
	return Fault{
		HTTP: 500, Code: 0x8033805B, SOAPCode: "Sender", Subcode: "InvalidSelectors", FaultDetail: "UnexpectedSelectors",
		Machine: machine, Reason: text, Message: text,
	}
}

func appendCommandID(dst []byte, id string) []byte {
	if id == "" {
		return dst
	}
	dst = append(dst, ` CommandId="`...)
	dst = appendEscaped(dst, id)
	return append(dst, '"')
}

func appendElement(dst []byte, name, text string) []byte {
	dst = append(append(append(dst, '<'), name...), '>')
	dst = appendEscaped(dst, text)
	return append(append(append(dst, "</"...), name...), '>')
}

// appendHead writes everything up to the inside of the body.
func appendHead(dst []byte, r *Request, action string) []byte {
	dst = append(dst, `<s:Envelope xml:lang="en-US" xmlns:s="`+soap.NS_SOAP_ENV+`" xmlns:a="`+soap.NS_ADDRESSING+
		`" xmlns:x="`+soap.NS_TRANSFER+`" xmlns:w="`+soap.NS_WSMAN_DMTF+`" xmlns:rsp="`+soap.NS_WIN_SHELL+
		`" xmlns:p="`+soap.NS_WSMAN_MSFT+`"><s:Header>`...)
	dst = appendElement(dst, "a:Action", action)
	dst = appendElement(dst, "a:MessageID", newMessageID())
	dst = appendElement(dst, "a:To", addressAnonymous)
	if r != nil && r.MessageID != "" {
		dst = appendElement(dst, "a:RelatesTo", r.MessageID)
	}
	return append(dst, "</s:Header><s:Body>"...)
}

func appendTail(dst []byte) []byte { return append(dst, "</s:Body></s:Envelope>"...) }
