// Package cmdlet holds what a cmdlet and its parameters are, and what a call of one is.
//
// Here live the description of a cmdlet as a server gives it ([Cmdlet], [Parameter]),
// the kind of editor that a parameter wants ([Kind]), the binding of typed text to
// values ([Cmdlet.Bind], [Reader]), the one lexer of PowerShell, what a module declares
// ([Functions]), and the PowerShell text of a call, a pipeline and what is done with its
// rows ([Line]).
//
// Here does not live: how a call travels (session/psrp encodes it), where the
// description comes from, and any prose for people about what went wrong
// (session/diagnose). The package imports nothing of ours and does no input or output.
package cmdlet
