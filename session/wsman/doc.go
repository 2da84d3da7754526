// Package wsman speaks WS-Management to the shells of a Windows or Exchange
// server: SOAP envelopes over HTTP, sign-in, redirects, cookies and faults
// (MS-WSMV, MS-PSRP 3.1.5.3). It moves bytes of the remoting protocol and does
// not know what they mean; that is package psrp. It also has the server's half
// of the envelopes, which the simulator answers with.
//
// It does not decide: whether a host may be redirected to, whether a shell may
// be opened and whether anything is tried again is the session's business. Its
// errors say whether a request may have reached the server.
package wsman
