package psrp

import (
	"encoding/binary"
	"fmt"

	"postroom/session/clixml"
)

// GUID identifies pools and pipelines.
type GUID = clixml.GUID

// MessageType is the type of a message (MS-PSRP 2.2.1).
type MessageType uint32

// The message types of MS-PSRP 2.2.1.
const (
	MsgSessionCapability        MessageType = 0x00010002
	MsgInitRunspacePool         MessageType = 0x00010004
	MsgPublicKey                MessageType = 0x00010005
	MsgEncryptedSessionKey      MessageType = 0x00010006
	MsgPublicKeyRequest         MessageType = 0x00010007
	MsgConnectRunspacePool      MessageType = 0x00010008
	MsgSetMaxRunspaces          MessageType = 0x00021002
	MsgSetMinRunspaces          MessageType = 0x00021003
	MsgRunspaceAvailability     MessageType = 0x00021004
	MsgRunspacePoolState        MessageType = 0x00021005
	MsgCreatePipeline           MessageType = 0x00021006
	MsgGetAvailableRunspaces    MessageType = 0x00021007
	MsgUserEvent                MessageType = 0x00021008
	MsgApplicationPrivateData   MessageType = 0x00021009
	MsgGetCommandMetadata       MessageType = 0x0002100A
	MsgRunspacePoolInitData     MessageType = 0x0002100B
	MsgResetRunspaceState       MessageType = 0x0002100C
	MsgRunspacePoolHostCall     MessageType = 0x00021100
	MsgRunspacePoolHostResponse MessageType = 0x00021101
	MsgPipelineInput            MessageType = 0x00041002
	MsgEndOfPipelineInput       MessageType = 0x00041003
	MsgPipelineOutput           MessageType = 0x00041004
	MsgErrorRecord              MessageType = 0x00041005
	MsgPipelineState            MessageType = 0x00041006
	MsgDebugRecord              MessageType = 0x00041007
	MsgVerboseRecord            MessageType = 0x00041008
	MsgWarningRecord            MessageType = 0x00041009
	MsgProgressRecord           MessageType = 0x00041010
	MsgInformationRecord        MessageType = 0x00041011
	MsgPipelineHostCall         MessageType = 0x00041100
	MsgPipelineHostResponse     MessageType = 0x00041101
)

// String gives the name of MS-PSRP, or the number of an unknown type.
func (t MessageType) String() string {
	switch t {
	case MsgSessionCapability:
		return "SESSION_CAPABILITY"
	case MsgInitRunspacePool:
		return "INIT_RUNSPACEPOOL"
	case MsgPublicKey:
		return "PUBLIC_KEY"
	case MsgEncryptedSessionKey:
		return "ENCRYPTED_SESSION_KEY"
	case MsgPublicKeyRequest:
		return "PUBLIC_KEY_REQUEST"
	case MsgConnectRunspacePool:
		return "CONNECT_RUNSPACEPOOL"
	case MsgSetMaxRunspaces:
		return "SET_MAX_RUNSPACES"
	case MsgSetMinRunspaces:
		return "SET_MIN_RUNSPACES"
	case MsgRunspaceAvailability:
		return "RUNSPACE_AVAILABILITY"
	case MsgRunspacePoolState:
		return "RUNSPACEPOOL_STATE"
	case MsgGetAvailableRunspaces:
		return "GET_AVAILABLE_RUNSPACES"
	case MsgUserEvent:
		return "USER_EVENT"
	case MsgApplicationPrivateData:
		return "APPLICATION_PRIVATE_DATA"
	case MsgGetCommandMetadata:
		return "GET_COMMAND_METADATA"
	case MsgRunspacePoolInitData:
		return "RUNSPACEPOOL_INIT_DATA"
	case MsgResetRunspaceState:
		return "RESET_RUNSPACE_STATE"
	case MsgRunspacePoolHostCall:
		return "RUNSPACEPOOL_HOST_CALL"
	case MsgRunspacePoolHostResponse:
		return "RUNSPACEPOOL_HOST_RESPONSE"
	}
	return t.pipelineName()
}

func (t MessageType) pipelineName() string {
	switch t {
	case MsgCreatePipeline:
		return "CREATE_PIPELINE"
	case MsgPipelineInput:
		return "PIPELINE_INPUT"
	case MsgEndOfPipelineInput:
		return "END_OF_PIPELINE_INPUT"
	case MsgPipelineOutput:
		return "PIPELINE_OUTPUT"
	case MsgErrorRecord:
		return "ERROR_RECORD"
	case MsgPipelineState:
		return "PIPELINE_STATE"
	case MsgDebugRecord:
		return "DEBUG_RECORD"
	case MsgVerboseRecord:
		return "VERBOSE_RECORD"
	case MsgWarningRecord:
		return "WARNING_RECORD"
	case MsgProgressRecord:
		return "PROGRESS_RECORD"
	case MsgInformationRecord:
		return "INFORMATION_RECORD"
	case MsgPipelineHostCall:
		return "PIPELINE_HOST_CALL"
	case MsgPipelineHostResponse:
		return "PIPELINE_HOST_RESPONSE"
	}
	return fmt.Sprintf("message type 0x%08X", uint32(t))
}

// The two ends of a message (MS-PSRP 2.2.1, Destination).
const (
	toClient uint32 = 1
	toServer uint32 = 2
)

// messageHeader is the size of a message's header: destination, type, the
// pool's and the pipeline's id.
const messageHeader = 40

// message is one defragmented message. payload borrows the bytes it was read
// from and has no byte order mark.
type message struct {
	destination uint32
	typ         MessageType
	pool        GUID
	pipeline    GUID
	payload     []byte
}

// parseMessage takes a defragmented message apart.
func parseMessage(b []byte) (message, error) {
	if len(b) < messageHeader {
		return message{}, &ProtocolError{What: fmt.Sprintf("a message of %d bytes, less than its header's %d", len(b), messageHeader)}
	}
	m := message{
		destination: binary.LittleEndian.Uint32(b),
		typ:         MessageType(binary.LittleEndian.Uint32(b[4:])),
		pool:        readGUID(b[8:24]),
		pipeline:    readGUID(b[24:40]),
		payload:     trimBOM(b[messageHeader:]),
	}
	return m, nil
}

// appendMessageHeader writes the 40 bytes that begin every message.
func appendMessageHeader(dst []byte, destination uint32, t MessageType, pool, pipeline GUID) []byte {
	dst = binary.LittleEndian.AppendUint32(dst, destination)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(t))
	dst = appendGUID(dst, pool)
	return appendGUID(dst, pipeline)
}

// readGUID reads .NET's byte order: the first three groups little-endian.
func readGUID(b []byte) GUID {
	_ = b[15]
	return GUID{b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]}
}

func appendGUID(dst []byte, g GUID) []byte {
	return append(dst, g[3], g[2], g[1], g[0], g[5], g[4], g[7], g[6], g[8], g[9], g[10], g[11], g[12], g[13], g[14], g[15])
}

// trimBOM takes away the UTF-8 byte order mark with which PowerShell begins
// every payload that is not empty.
func trimBOM(b []byte) []byte {
	if len(b) >= 3 && b[0] == 0xEF && b[1] == 0xBB && b[2] == 0xBF {
		return b[3:]
	}
	return b
}
