// Package psrp speaks the PowerShell Remoting Protocol (MS-PSRP): fragments,
// messages, runspace pools and pipelines, host calls, the session key. It has
// two halves: Pool is a client's view of a runspace pool, Server is a server's
// view of the same. Both take bytes and give bytes and events.
//
// Nothing here reads or writes a connection, starts a goroutine or looks at a
// clock: carrying the bytes is the business of the transport (package wsman and
// the pump in package session). The data format is package clixml, what a
// command call is belongs to package cmdlet, and what an error means to a person
// to package diagnose.
//
// # What the transport must do
//
//   - Pool.Outgoing gives packets. A packet with Opens travels in the body of
//     the transport's own opening operation: creationXml of Create (connectXml
//     of Connect) for the pool, the Arguments of Command for a pipeline. All
//     others go by Send, on the stream that Packet.Stream names. Packets of one
//     pipeline and stream must arrive in the order in which they were given.
//   - The bytes that arrive are given to Receive together with the stream from
//     which they came, in order, in pieces of any size.
//   - To stop a pipeline, call Pool.Stop and send the Signal of MS-PSRP
//     3.1.5.3.9; when its state has come, end it with the Terminate signal and
//     call Pool.Forget. There are no messages for these in the protocol.
//
// A Pool or a Server may be used by one goroutine at a time.
package psrp
