// Package exorest is Exchange Online's REST door to the cmdlets: InvokeCommand, as
// Microsoft's own module uses it. There is no session on the server: each command
// is a request with an access token of one tenant, so nothing is counted, nothing
// can be left behind, and nothing can be stopped once it was sent.
//
// Where tokens come from is the business of whoever implements session.Tokens.
// What lives here: requests and their retries, regions, the pace of each tenant,
// values both ways, a reader of JSON straight into rows, pages, batches, the
// module file as the catalogue of what a role may run.
//
// None of it was tried against a live tenant: it follows public captures and
// clients. It takes what may come and sends only what they send.
package exorest
