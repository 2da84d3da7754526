package wsman

import "github.com/masterzen/winrm/soap"

// Namespaces and actions of MS-WSMV and MS-PSRP. The namespaces of the SOAP
// header are masterzen's.
const (
	nsPowerShell = "http://schemas.microsoft.com/powershell"

	actionCreate     = soap.NS_TRANSFER + "/Create"
	actionDelete     = soap.NS_TRANSFER + "/Delete"
	actionCommand    = soap.NS_WIN_SHELL + "/Command"
	actionSend       = soap.NS_WIN_SHELL + "/Send"
	actionReceive    = soap.NS_WIN_SHELL + "/Receive"
	actionSignal     = soap.NS_WIN_SHELL + "/Signal"
	actionDisconnect = soap.NS_WIN_SHELL + "/Disconnect"
	actionReconnect  = soap.NS_WIN_SHELL + "/Reconnect"
	actionConnect    = soap.NS_WIN_SHELL + "/Connect"
	actionFault      = soap.NS_WSMAN_DMTF + "/fault"

	addressAnonymous = soap.NS_ADDRESSING + "/role/anonymous"
	stateURI         = soap.NS_WIN_SHELL + "/CommandState/"

	mimeSOAP        = "application/soap+xml"
	contentTypeSOAP = mimeSOAP + ";charset=UTF-8"
)

// Names of the operations, as they appear in errors, traces and requests.
const (
	opCreate     = "Create"
	opCommand    = "Command"
	opSend       = "Send"
	opReceive    = "Receive"
	opSignal     = "Signal"
	opDelete     = "Delete"
	opDisconnect = "Disconnect"
	opConnect    = "Connect"
	opFront      = "front"
	opSignIn     = "sign-in"
)
