package report_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"postroom/assets"
	"postroom/session/reference"
	"postroom/session/report"
	"postroom/session/search"
)

// asked are phrases of administrators, and what answers them: one of these cmdlets, one
// of these reports. None stands as it is in the words of the facts.
var asked = []struct{ phrase, cmdlets, reports string }{
	{"mailbox full", "Get-MailboxStatistics", "mailboxes-over-quota mailbox-sizes"},
	{"mailbox is almost full", "Get-MailboxStatistics", "mailboxes-over-quota mailbox-sizes"},
	{"how large is the mailbox", "Get-MailboxStatistics", "mailbox-sizes"},
	{"raise quota", "Set-Mailbox", "mailboxes-over-quota"},
	{"increase mailbox size", "Set-Mailbox", "mailbox-sizes mailboxes-over-quota"},
	{"delegate access to mailbox", "Add-MailboxPermission", "mailbox-full-access"},
	{"give access to shared mailbox", "Add-MailboxPermission", ""},
	{"who can open this mailbox", "Get-MailboxPermission", "mailbox-full-access"},
	{"revoke access", "Remove-MailboxPermission", ""},
	{"permission report", "Get-MailboxPermission", "mailbox-full-access"},
	{"send as rights", "Add-RecipientPermission Get-RecipientPermission", "mailbox-send-as"},
	{"send on behalf rights", "Set-Mailbox", "mailbox-send-on-behalf"},
	{"who can see my calendar", "Get-MailboxFolderPermission", "calendar-permissions calendar-permissions-one"},
	{"share a calendar", "Add-MailboxFolderPermission", "calendar-permissions calendar-permissions-one"},
	{"auto reply", "Set-MailboxAutoReplyConfiguration", "auto-replies"},
	{"ooo", "Set-MailboxAutoReplyConfiguration", "auto-replies"},
	{"set out of office", "Set-MailboxAutoReplyConfiguration", "auto-replies"},
	{"stop forwarding", "Set-Mailbox", "mailbox-forwarding"},
	{"mail forwarding to gmail", "Get-Mailbox Set-Mailbox", "mailbox-forwarding-external mailbox-forwarding"},
	{"external forwarding", "Get-InboxRule Get-Mailbox", "mailbox-forwarding-external"},
	{"create shared mailbox", "New-Mailbox", ""},
	{"convert to shared mailbox", "Set-Mailbox", ""},
	{"new user", "New-Mailbox", "new-recipients"},
	{"delete mailbox", "Remove-Mailbox", ""},
	{"create meeting room", "New-Mailbox", ""},
	{"room booking settings", "Set-CalendarProcessing Get-CalendarProcessing", "room-booking"},
	{"message trace", "Get-MessageTraceV2", "message-trace"},
	{"who sent this mail", "Get-MessageTraceV2", "message-trace"},
	{"mail did not arrive", "Get-MessageTraceV2", "message-trace"},
	{"delivery failed", "Get-MessageTraceV2", "message-trace-failed"},
	{"block sender", "New-TenantAllowBlockListItems", "tenant-allow-block"},
	{"block a spam sender", "New-TenantAllowBlockListItems", "tenant-allow-block"},
	{"whitelist domain", "New-TenantAllowBlockListItems", "tenant-allow-block"},
	{"allow ip address", "Set-HostedConnectionFilterPolicy", "connection-filter"},
	{"unblock user", "Remove-BlockedSenderAddress", "blocked-senders"},
	{"release mail from quarantine", "Release-QuarantineMessage", "quarantine"},
	{"too much spam", "Set-HostedContentFilterPolicy", "antispam-policies"},
	{"email disclaimer", "New-TransportRule", "transport-rules"},
	{"company signature", "New-TransportRule", "transport-rules"},
	{"catch all", "Set-AcceptedDomain New-TransportRule", "accepted-domains"},
	{"smtp relay", "Get-ReceiveConnector", "receive-connectors open-relays"},
	{"open relay", "Get-ReceiveConnector", "open-relays"},
	{"scan to email", "Set-CASMailbox", "smtp-auth-mailboxes"},
	{"turn off imap", "Set-CASMailbox", "pop-imap-on"},
	{"disable activesync", "Set-CASMailbox", ""},
	{"lost phone", "Clear-MobileDevice", "mobile-devices"},
	{"enable archive", "Enable-Mailbox", "mailboxes-without-archive archive-mailboxes"},
	{"litigation hold", "Set-Mailbox Get-Mailbox", "mailbox-litigation-hold"},
	{"put mailbox on hold", "Set-Mailbox", "mailbox-litigation-hold"},
	{"restore deleted mailbox", "Undo-SoftDeletedMailbox", "soft-deleted-mailboxes"},
	{"restore deleted mails", "Restore-RecoverableItems", "recoverable-items-sizes"},
	{"add email alias", "Set-Mailbox", "all-addresses"},
	{"change primary email address", "Set-Mailbox", ""},
	{"hide user from gal", "Set-Mailbox", "hidden-recipients"},
	{"distribution group members", "Get-DistributionGroupMember", "group-members"},
	{"add member to group", "Add-DistributionGroupMember", "group-members"},
	{"who owns this group", "Set-DistributionGroup Get-DistributionGroup", "groups-without-owner m365-group-owners"},
	{"empty groups", "Get-DistributionGroupMember", "groups-without-members"},
	{"teams", "Get-UnifiedGroup", "m365-groups"},
	{"global admins", "Get-RoleGroupMember", "admin-roles"},
	{"who logged in to mailbox", "Search-UnifiedAuditLog", "mailbox-access-audit"},
	{"inactive users", "Get-MailboxStatistics", "mailbox-last-logon inactive-mailboxes"},
	{"suspicious inbox rules", "Get-InboxRule", "inbox-rules-suspicious"},
	{"outlook rules", "Get-InboxRule", "inbox-rules-external inbox-rules-suspicious"},
	{"dkim setup", "New-DkimSigningConfig", "dkim"},
	{"renew certificate", "New-ExchangeCertificate", "exchange-certificates"},
	{"expired certificates", "Get-ExchangeCertificate", "exchange-certificates"},
	{"mail queue", "Get-Queue", "queues"},
	{"database size", "Get-MailboxDatabase", "databases mailbox-sizes-by-database"},
	{"move mailbox to another database", "New-MoveRequest", "move-requests"},
	{"export to pst", "New-MailboxExportRequest", "mailbox-exports"},
	{"change mailbox language", "Set-MailboxRegionalConfiguration", "mailbox-regional"},
	{"guest users", "Get-MailUser", "mail-users"},
	{"reset password", "Set-Mailbox", ""},
	{"attachment size limit", "Set-TransportConfig", "message-size-limits transport-settings"},
	{"block attachments", "Set-MalwareFilterPolicy", "malware-policies"},
	{"external warning", "Set-ExternalInOutlook", "external-tagging"},
	{"mail statistics", "Get-MailFlowStatusReport", "mail-flow-status"},
	{"exchange version", "Get-ExchangeServer", "exchange-servers"},

	{"Abwesenheit", "Set-MailboxAutoReplyConfiguration", "auto-replies"},
	{"Abwesenheitsnotiz einrichten", "Set-MailboxAutoReplyConfiguration", "auto-replies"},
	{"geteiltes Postfach", "New-Mailbox Get-Mailbox", "shared-mailboxes"},
	{"gemeinsames Postfach anlegen", "New-Mailbox", ""},
	{"Kalender freigeben", "Add-MailboxFolderPermission", "calendar-permissions calendar-permissions-one"},
	{"Kalenderfreigabe", "Add-MailboxFolderPermission", "calendar-permissions calendar-permissions-one"},
	{"Stellvertretung", "Add-MailboxPermission", "mailbox-full-access"},
	{"Zugriff auf fremdes Postfach", "Add-MailboxPermission", "mailbox-full-access"},
	{"wer darf das Postfach öffnen", "Get-MailboxPermission", "mailbox-full-access"},
	{"Postfach ist voll", "Get-MailboxStatistics", "mailboxes-over-quota"},
	{"Postfach vergrößern", "Set-Mailbox", "mailboxes-over-quota"},
	{"Absender blockieren", "New-TenantAllowBlockListItems", "tenant-allow-block"},
	{"Domain sperren", "New-TenantAllowBlockListItems", "tenant-allow-block"},
	{"Benutzer entsperren", "Remove-BlockedSenderAddress", "blocked-senders"},
	{"Mail nicht angekommen", "Get-MessageTraceV2", "message-trace"},
	{"wer hat gesendet", "Get-MessageTraceV2", "message-trace"},
	{"Weiterleitung einrichten", "Set-Mailbox", "mailbox-forwarding"},
	{"Weiterleitung nach extern", "Get-Mailbox Get-InboxRule", "mailbox-forwarding-external"},
	{"Verteiler anlegen", "New-DistributionGroup", ""},
	{"Verteilermitglieder", "Get-DistributionGroupMember", "group-members"},
	{"Mitglied hinzufügen", "Add-DistributionGroupMember", "group-members"},
	{"Verteiler ohne Besitzer", "Set-DistributionGroup Get-DistributionGroup", "groups-without-owner"},
	{"Handy verloren", "Clear-MobileDevice", "mobile-devices"},
	{"Zertifikat läuft ab", "Get-ExchangeCertificate", "exchange-certificates"},
	{"Mail aus der Quarantäne freigeben", "Release-QuarantineMessage", "quarantine"},
	{"Spamfilter einstellen", "Set-HostedContentFilterPolicy", "antispam-policies"},
	{"Besprechungsraum anlegen", "New-Mailbox", ""},
	{"gelöschte Mails wiederherstellen", "Restore-RecoverableItems", ""},
	{"Postfach wiederherstellen", "Undo-SoftDeletedMailbox", "soft-deleted-mailboxes"},
	{"Postfach löschen", "Remove-Mailbox", ""},
	{"Benutzer sperren", "Set-User", ""},
	{"Kennwort ändern", "Set-Mailbox", ""},
	{"Posteingangsregeln", "Get-InboxRule", "inbox-rules-external inbox-rules-suspicious"},
	{"Datenbank voll", "Get-MailboxDatabase", "databases"},
	{"Archiv aktivieren", "Enable-Mailbox", "mailboxes-without-archive"},
	{"Kontakt anlegen", "New-MailContact", "mail-contacts"},
	{"E-Mail-Adresse ändern", "Set-Mailbox", ""},
	{"aus Adressbuch ausblenden", "Set-Mailbox", "hidden-recipients"},
	{"wer hat Adminrechte", "Get-RoleGroupMember", "admin-roles"},
	{"Senden als Berechtigung", "Add-RecipientPermission", "mailbox-send-as"},
	{"Rechte auf öffentliche Ordner", "Get-PublicFolderClientPermission", "public-folder-permissions"},
	{"Postfachgrößen", "Get-MailboxStatistics", "mailbox-sizes"},
	{"unbenutzte Postfächer", "Get-MailboxStatistics", "mailbox-last-logon"},
	{"Scanner kann nicht senden", "Set-CASMailbox", "smtp-auth-mailboxes"},
	{"Stand der Migration", "Get-MigrationBatch", "migration-batches"},

	{"forwording", "Get-Mailbox", "mailbox-forwarding"}, // a letter wrong
	{"weiterleitng", "Get-Mailbox Set-Mailbox", "mailbox-forwarding"},
	{"quarantene", "Get-QuarantineMessage", "quarantine"},
	{"calender permissions", "Get-MailboxFolderPermission Add-MailboxFolderPermission", "calendar-permissions"},
	{"litigaton hold", "Set-Mailbox Get-Mailbox", "mailbox-litigation-hold"},
	{"distribtion group", "Get-DistributionGroup", "distribution-groups"},
	{"abwesenheitsnotitz", "Set-MailboxAutoReplyConfiguration Get-MailboxAutoReplyConfiguration", "auto-replies"},
	{"freigegebens postfach", "Get-Mailbox New-Mailbox", "shared-mailboxes"},
	{"atachment size", "Get-TransportConfig Set-TransportConfig", "message-size-limits"},
	{"mesage trace", "Get-MessageTraceV2", "message-trace"},
	{"certifcate", "Get-ExchangeCertificate", "exchange-certificates"},
}

// searchable gives the index of all cmdlets, reports and packs in a language.
func searchable(t *testing.T) func(language string) *search.Index {
	t.Helper()
	catalogue, err := report.ReadCatalogue(assets.Reports(), assets.Packs())
	if err != nil {
		t.Fatal(err)
	}
	l := report.NewLibrary(filepath.Join(t.TempDir(), "reports.json"), catalogue)
	list, err := l.Reports()
	if err != nil {
		t.Fatal(err)
	}
	packs, err := l.Packs()
	if err != nil {
		t.Fatal(err)
	}
	known := reference.New()
	return func(language string) *search.Index {
		return search.New(slices.Concat(known.Entries(known.Names(0)), report.Entries(list, packs, language, known.ReportWords())))
	}
}

// TestWhatIsAskedIsAmongTheFirstThree, as the window's two lists, as the palette and as
// the command line have it.
func TestWhatIsAskedIsAmongTheFirstThree(t *testing.T) {
	everything := searchable(t)
	for _, language := range []string{"en", "de"} {
		x := everything(language)
		for _, a := range asked {
			found := x.Find(a.phrase, search.Preference{})
			first := func(wanted func(search.Entry) bool) (ids []string) {
				for _, e := range found {
					if wanted(e) && len(ids) < 3 {
						ids = append(ids, e.ID)
					}
				}
				return ids
			}
			tell := func(where string, got []string, want ...string) {
				if !slices.ContainsFunc(want, func(id string) bool { return slices.Contains(got, id) }) {
					t.Errorf("%s: %q: %s are %v, want one of %v", language, a.phrase, where, got, want)
				}
			}
			cmdlets, reports := strings.Fields(a.cmdlets), strings.Fields(a.reports)
			tell("the first cmdlets", first(func(e search.Entry) bool { return e.Kind == search.Cmdlet }), cmdlets...)
			if len(reports) > 0 {
				tell("the first reports", first(func(e search.Entry) bool { return e.Kind == search.Report }), reports...)
			}
			best := search.Report // the group that stands first in the window
			if len(found) > 0 {
				best = found[0].Kind
			}
			tell("the first of all", first(func(e search.Entry) bool { return e.Kind == best }), slices.Concat(cmdlets, reports)...)
		}
	}
}

// TestTheTitleThatIsTypedComesFirst, before a report that people's words find as well.
func TestTheTitleThatIsTypedComesFirst(t *testing.T) {
	everything := searchable(t)
	for _, typed := range []struct{ language, phrase, want string }{
		{"en", "mailbox sizes", "mailbox-sizes"},
		{"en", "Mailbox Sizes and Quotas", "mailbox-sizes"},
		{"en", "mailbox sizes and", "mailbox-sizes"},
		{"en", "folder sizes of one", "mailbox-folders"},
		{"de", "Postfachgrößen und", "mailbox-sizes"},
	} {
		found := everything(typed.language).Find(typed.phrase, search.Preference{})
		at := slices.IndexFunc(found, func(e search.Entry) bool { return e.Kind == search.Report })
		if at < 0 || found[at].ID != typed.want {
			t.Errorf("%s: %q: the first report is %v, want %s", typed.language, typed.phrase, found[max(at, 0)].ID, typed.want)
		}
	}
}
