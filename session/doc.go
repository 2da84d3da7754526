// Package session holds the Manager: it opens sessions on servers, keeps to the
// limit of the account, runs cmdlets and closes everything again. It also has
// the words that all share (Target, Info, Sink, Message, Prompt) and the seam to
// the doors: a Door is an interface of this package.
//
// What is sent does not live here: PowerShell remoting is session/remoting's,
// Exchange Online's REST session/exorest's. Words for people are diagnose's.
// Nothing here knows a window.
package session
