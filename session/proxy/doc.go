// Package proxy knows the way out of this computer: which proxy leads to a
// server, by the connection's own setting, the environment or the system, and
// how a tunnel through it is opened and signed in.
//
// A setting that cannot be understood is an error. It is never taken for
// "no proxy": a direct connection may be just what the network forbids.
package proxy
