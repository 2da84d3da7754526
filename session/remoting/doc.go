// Package remoting is the classic door: PowerShell remoting over WS-Management.
// It moves bytes between psrp, which is pure computing, and wsman, which is pure
// transport, and tells of a server what package session has words for. Above it
// nobody knows either.
//
// It opens shells, runs pipelines in them, stops them, deletes them, and finds
// again what was left. How many there may be, and who remembers them, is the
// Manager's business.
package remoting
