// Package session holds the Manager: it opens sessions on servers, keeps to the
// limit of the account, runs cmdlets and closes everything again. It also has
// the pump that moves bytes between the protocol core (psrp) and the transport
// (wsman), and the path on which output becomes rows without an object tree in
// between.
//
// Protocol knowledge does not live here: envelopes are wsman's, messages
// psrp's, the data format clixml's. Words for people are diagnose's. Nothing
// here knows a window.
package session
