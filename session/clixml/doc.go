// Package clixml reads and writes CLIXML, the data format of PowerShell
// remoting ([MS-PSRP] 2.2.5) and of Export-Clixml.
//
// Three things live here: a value tree ([Value], [Object]) with a decoder and
// an encoder for the protocol's own messages; a [RowScanner] that turns one
// output object into a row of cells without building a tree; and the types of
// .NET that Go lacks (7-digit clocks, decimals, single UTF-16 units). All of
// it works over byte slices with one scanner, bounded by [Limits].
//
// What does not live here: what the messages mean (session/psrp), encryption
// and decryption of SecureStrings (session/psrp), tables and files made from
// rows (session/result).
package clixml
