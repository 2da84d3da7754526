// Package simulator is an Exchange-like server on loopback: the demo, and the
// bench that the other rooms are tested on.
//
// It is a server, not a mock. It speaks WS-Management over TLS with the server
// halves of packages wsman and psrp, signs in with Basic, keeps shells and
// pipelines, counts sessions for each account and refuses the fourth in
// Exchange's words, ends idle shells, hands out affinity cookies and redirects,
// and asks for confirmation. Faults play what goes wrong in the field, at the nth
// request of a kind or by a seeded schedule, so that a failure can be repeated.
//
// What does not live here: the protocol itself (wsman, psrp, clixml), what is
// served (folder exchange: tenants, their cmdlets and data), and anything that a
// client needs. The simulator is never the only judge of a
// client: recorded traffic and foreign implementations are.
//
// Nothing but loopback is served unless Options.Listen says so, and the data are
// invented: all domains end in .example.
package simulator
