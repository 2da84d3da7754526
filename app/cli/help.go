package cli

import (
	"flag"
	"fmt"
	"io"
	"strings"
)

const aboutExitCodes = `
Exit codes: 0 done, 1 the cmdlet reported errors, 2 wrong usage, 3 could not
connect or sign in, the connection broke off, or something failed on
this computer, such as a full disk, 4 session limit, 5 interrupted (sessions are closed
all the same). With several tenants the highest counts.
`

const aboutRun = `Runs one cmdlet and writes its rows to standard output as a table, or as --csv,
--json and --xlsx say. Warnings, errors and progress go to standard error.

Flags have two dashes and may stand before the cmdlet or behind it. Its own
parameters have one, and follow it: -Parameter VALUE, or -Parameter alone for a
switch. A word that follows a parameter is its value, so a switch before a word is
written with its own:

  postroom run ... Get-Mailbox -Archive:$true jeff

A value is text, and read as a number, a date or a list only where the parameter is
known to take one: there a,b is a list, elsewhere it stays whole. 'a','b' is a list
everywhere (in a shell: "'a','b'"), @{Add='x'} a table, $null nothing.

--line takes what people paste instead: a command or a pipeline, such as
'Get-Mailbox | Where-Object Name -like ''a*'' | Export-Csv a.csv'. What
Where-Object, Sort-Object, Group-Object, Format-Table, Format-List and Export-Csv
say is done here with the rows; the rest is sent as one pipeline. Variables,
scripts and calls are refused.

The password comes from --password-stdin, else from the keyring, where the
window remembers it; at a terminal it is asked for when neither has it.

With several tenants as many are asked at once as the account may have sessions,
or as --parallel says. Rows come in the order of the tenants and carry a first
column Tenant (a server's own column of that name appears as 'Tenant (server)'),
and what goes wrong in one does not stop the others. Sessions are not kept: each
is closed when its rows are there.

--show prints the PowerShell and what it would be sent to, and asks nobody. A
tenant that the window has set to read-only is sent nothing that changes it, by
whichever of its domains, its GUID or the account it is addressed.

An account may hold only so many sessions at once (--session-limit). When all
are taken, by windows and other runs on this computer, the run waits for one
and says so: at a terminal until you interrupt it, else for as long as a server
takes to drop a forgotten session (15 minutes, or as the endpoint says); then,
or when the server itself refuses the session, the exit code is 4.

Files get their names when the run has come to its end. What an interrupted
run leaves is named FILE.partial. --max-rows is an end like any other.

  postroom run --url https://mail.partner.example/PowerShell/ \
      --user me@partner.example --tenant contoso.example \
      --csv rules.csv Get-TransportRule
` + aboutEach

const aboutCmdlets = `Lists the cmdlets that the account may run there; with names, their parameter
sets, parameters, kinds, choices and help. The list and the parameters are the
server's; the built-in reference adds what a server does not tell.

With --offline no server is asked: the reference alone answers, for all services
or for that of --service. It knows the cmdlets of Exchange Server 2010 to SE,
Exchange Online, Exchange Online Protection and Security & Compliance.

Texts are German where LANG says so, and, where LANG is not set, where German is
chosen in the window.

  postroom cmdlets --offline --service EOP
  postroom cmdlets --offline --json New-TransportRule
  postroom cmdlets --url https://mail.contoso.example/PowerShell/ \
      --user me@contoso.example
`

const aboutSessions = `Lists the sessions that this computer's ledger holds: those in use, and those
that were left open by a program that was killed. With --close those left open
are deleted on their servers; --user chooses the account and --server the host,
and are needed with --password-stdin when they belong to several: a password
goes to one server, and to the hosts that it may redirect to.
`

const aboutSignIns = `Lists who is signed in on this computer for Exchange Online's REST door: account,
where it signs in, with which application, and for how many tenants. No server is
asked.

With --sign-out they are signed out: their tokens are forgotten, and with the last
of an application the sealed file and its key in the keyring. --user chooses an
account; without it everybody is signed out.
`

const aboutPasswords = `Lists the passwords that the keyring of this computer keeps for you: of which account,
for which server, since when. The passwords themselves are never shown, and no server is
asked.

With --forget they are removed from the keyring, as 'Forget all' does in the window:
all, or those of --user and --server. The next session asks for the password. What is
open stays open, and a window that runs keeps what it was told for this time until it ends.

--change keeps a password for --user at --server, in place of the one before: at a
terminal it is asked for, else --password-stdin reads it. The next session uses it.

  postroom passwords --forget --user me@contoso.example
  postroom passwords --change --user me@contoso.example --server ps.outlook.example
`

const aboutCheck = `Tests the way to each tenant step by step, as Test connection does in the window, and
sends nothing that changes anything: name, connection, certificate, sign-in and session;
at Microsoft 365 name, connection, certificate, sign-in, token, tenant, role, cmdlets and
one read. Each step is written with its time and what it found. The first that fails is
the last of its tenant: standard error says why, what to do and who can mend it.

Several tenants are checked one after the other. What is wrong with the account itself
ends the check, so that further attempts do not lock it. Nobody is asked to sign in
where there is no terminal.

  postroom check --endpoint microsoft-365 --user me@partner.example \
      --tenant contoso.example --tenant fabrikam.example
`

const aboutTenants = `Lists your tenants, the same as in the window: name, domain, GUID and tags.

While a list of tenants or endpoints that could not be read has not been dealt with,
nothing is changed by any run: which tenants are read-only is not known. --confirm says
that the lists are right as they are now; the unreadable file stays beside them.

With --from-graph it asks Microsoft Graph for the tenants that you look after as a
partner, shows what is new, and adds it when you agree; --yes agrees where nobody can
be asked. Names, colours and tags of tenants that you have stay; a missing GUID is filled in.
Somebody must have consented in the partner's tenant to
DelegatedAdminRelationship.Read.All (delegated administration), Directory.Read.All
(contracts) and CrossTenantInformation.ReadBasic.All (domains), most often for an
application of your own (--client-id). An application that signs in by its certificate
names the partner's own tenant by --tenant.

  postroom tenants --from-graph --endpoint microsoft-365 --client-id GUID
`

const aboutSimulate = `Serves an Exchange-like server on this computer for demonstrations and tests, and
prints what a client needs: url, ca, account and password, a line each. The data
are made up; nothing leaves the computer. Ends when interrupted, with exit code 0.
`

// writeHelp writes how a command is used and its flags. The package flag would
// write them with one dash; the manuals have two.
func writeHelp(w io.Writer, c command, f *flag.FlagSet) {
	var b strings.Builder
	fmt.Fprintf(&b, "usage: postroom %s %s\n\n%s\nFlags:\n", c.name, c.synopsis, c.about)
	f.VisitAll(func(each *flag.Flag) {
		value, usage := flag.UnquoteUsage(each)
		if value != "" {
			value = " " + value
		}
		fmt.Fprintf(&b, "  --%s%s\n        %s\n", each.Name, value, usage)
	})
	b.WriteString(aboutExitCodes)
	sayOwn(w, b.String())
}
