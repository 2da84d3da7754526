package reference

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Words are the words of a name as people write them: RequireTls is require TLS.
func Words(name string) string { return strings.Join(nameWords(name), " ") }

// nameWords splits a name into its words, in lower case but for those that are written in
// capitals: UMDialPlan is UM, dial, plan.
func nameWords(name string) []string {
	var words []string
	runes := []rune(oneWord.Replace(name))
	start := 0
	for i := 1; i <= len(runes); i++ {
		if i < len(runes) && !wordBegins(runes, i) {
			continue
		}
		word := string(runes[start:i])
		if !capitals(word) {
			word = strings.ToLower(word)
			word = cmp.Or(abbreviations[word], word)
		}
		words = append(words, word)
		start = i
	}
	return words
}

// oneWord writes names so that what is one word has one capital.
var oneWord = strings.NewReplacer(
	"OWAfor", "OWAFor", "OABs", "Oabs", "DGs", "Dgs", "IPs", "Ips", "IDs", "Ids", "URLs", "Urls", "eDiscovery", "Ediscovery",
	"WiFi", "Wifi", "SharePoint", "Sharepoint", "OneDrive", "Onedrive", "PowerShell", "Powershell", "ActiveSync", "Activesync", "iCal", "Ical",
)

// abbreviations are words that are not written in small letters.
var abbreviations = map[string]string{
	"activesync": "ActiveSync", "ediscovery": "eDiscovery", "onedrive": "OneDrive", "powershell": "PowerShell", "sharepoint": "SharePoint",
	"wifi": "Wi-Fi", "outlook": "Outlook", "azure": "Azure", "exchange": "Exchange", "skype": "Skype",
	"ids": "IDs", "ips": "IPs", "uris": "URIs", "urls": "URLs", "oabs": "OABs", "smime": "S/MIME",
	"api": "API", "anr": "ANR", "json": "JSON", "tnef": "TNEF", "microsoft": "Microsoft", "bcc": "Bcc", "cc": "Cc", "csv": "CSV", "dag": "DAG", "dane": "DANE", "adfs": "AD FS", "dl": "DL", "dkim": "DKIM", "dlp": "DLP", "dmarc": "DMARC",
	"dn": "DN", "dns": "DNS", "dsn": "DSN", "dtmf": "DTMF", "eas": "EAS", "edb": "EDB", "ews": "EWS", "fqdn": "FQDN", "gal": "GAL",
	"guid": "GUID", "html": "HTML", "http": "HTTP", "https": "HTTPS", "id": "ID", "imap": "IMAP", "ip": "IP", "irm": "IRM",
	"mapi": "MAPI", "mime": "MIME", "mta": "MTA", "mx": "MX", "ndr": "NDR", "oab": "OAB", "ocr": "OCR", "owa": "OWA", "pdf": "PDF",
	"pop": "POP", "pst": "PST", "rbac": "RBAC", "rpc": "RPC", "sam": "SAM", "sas": "SAS", "sid": "SID", "sip": "SIP", "sms": "SMS",
	"smtp": "SMTP", "spf": "SPF", "ssl": "SSL", "sts": "STS", "tcp": "TCP", "tls": "TLS", "uri": "URI", "url": "URL", "xml": "XML",
	"zap": "ZAP",
}

// wordBegins tells whether a word of the name begins at i.
func wordBegins(runes []rune, i int) bool {
	if !unicode.IsUpper(runes[i]) {
		return unicode.IsDigit(runes[i]) && unicode.IsLower(runes[i-1]) // V2 and O365 are one word
	}
	afterLower := !unicode.IsUpper(runes[i-1])
	beforeLower := i+1 < len(runes) && unicode.IsLower(runes[i+1])
	return afterLower || beforeLower
}

// capitals tells an abbreviation from a word.
func capitals(word string) bool { return len(word) > 1 && strings.ToUpper(word) == word }

func upperFirst(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return text
	}
	return string(unicode.ToUpper(first)) + text[size:]
}

// nounWords are a noun's own words.
type nounWords struct{ english, german string }

func wordsOfNoun(noun string) nounWords {
	return nounWords{strings.Join(nameWords(noun), " "), germanName(noun)}
}

// sentence makes a synopsis of a cmdlet's own words; wordsOf gives those of its noun.
func sentence(cmdletName string, wordsOf func(noun string) nounWords) Text {
	verb, noun, found := strings.Cut(cmdletName, "-")
	if !found {
		return Text{English: cmdletName + ".", German: cmdletName + "."}
	}
	own := wordsOf(noun)
	words := own.english
	does, known := verbs[verb]
	if !known {
		return Text{
			English: upperFirst(strings.Join(nameWords(verb), " ")) + ": " + words + ".",
			German:  verb + ": " + own.german + ".",
		}
	}
	switch {
	case does.many:
		words = plural(words)
	default:
		words = article(words) + words
	}
	return Text{English: does.English + " " + words + ".", German: does.German + ": " + own.german + "."}
}

func plural(words string) string {
	switch {
	case strings.HasSuffix(words, "s"), strings.HasSuffix(words, "configuration"), strings.HasSuffix(words, "settings"),
		strings.HasSuffix(words, "data"), strings.HasSuffix(words, "info"), strings.HasSuffix(words, "health"):
		return words
	case strings.HasSuffix(words, "y") && !strings.HasSuffix(words, "ey") && !strings.HasSuffix(words, "ay"):
		return words[:len(words)-1] + "ies"
	case strings.HasSuffix(words, "ch"), strings.HasSuffix(words, "sh"), strings.HasSuffix(words, "x"):
		return words + "es"
	}
	return words + "s"
}

func article(words string) string {
	switch {
	case strings.HasSuffix(words, "s"), strings.HasSuffix(words, "configuration"), strings.HasSuffix(words, "config"),
		strings.HasSuffix(words, "health"), strings.HasSuffix(words, "connectivity"):
		return "the "
	case strings.IndexByte("aeioAEIO", words[0]) >= 0:
		return "an "
	}
	return "a "
}

// doing is what a verb does, in words that stand before the noun.
type doing struct {
	Text

	many bool // the noun stands for several
}

var verbs = map[string]doing{
	"Get":       {Text{"Shows", "Zeigt an"}, true},
	"Set":       {Text{"Changes", "Ändert"}, false},
	"New":       {Text{"Creates", "Legt an"}, false},
	"Remove":    {Text{"Deletes", "Löscht"}, false},
	"Delete":    {Text{"Deletes", "Löscht"}, false},
	"Add":       {Text{"Adds", "Fügt hinzu"}, false},
	"Enable":    {Text{"Turns on", "Schaltet ein"}, false},
	"Disable":   {Text{"Turns off", "Schaltet aus"}, false},
	"Test":      {Text{"Tests", "Prüft"}, false},
	"Start":     {Text{"Starts", "Startet"}, false},
	"Stop":      {Text{"Stops", "Hält an"}, false},
	"Suspend":   {Text{"Pauses", "Pausiert"}, false},
	"Resume":    {Text{"Resumes", "Setzt fort"}, false},
	"Update":    {Text{"Updates", "Aktualisiert"}, false},
	"Export":    {Text{"Exports", "Exportiert"}, true},
	"Import":    {Text{"Imports", "Importiert"}, true},
	"Move":      {Text{"Moves", "Verschiebt"}, false},
	"Search":    {Text{"Searches", "Durchsucht"}, false},
	"Install":   {Text{"Installs", "Installiert"}, false},
	"Uninstall": {Text{"Uninstalls", "Deinstalliert"}, false},
	"Restore":   {Text{"Restores", "Stellt wieder her"}, false},
	"Complete":  {Text{"Completes", "Schließt ab"}, false},
	"Clear":     {Text{"Clears", "Leert"}, false},
	"Connect":   {Text{"Connects", "Verbindet"}, false},
	"Mount":     {Text{"Mounts", "Bindet ein"}, false},
	"Dismount":  {Text{"Dismounts", "Hängt aus"}, false},
	"Redirect":  {Text{"Redirects", "Leitet um"}, false},
	"Retry":     {Text{"Retries", "Versucht erneut"}, false},
	"Validate":  {Text{"Validates", "Prüft"}, false},
	"Release":   {Text{"Releases", "Gibt frei"}, false},
	"Preview":   {Text{"Previews", "Zeigt in der Vorschau"}, false},
	"Undo":      {Text{"Undoes", "Macht rückgängig"}, false},
	"Upgrade":   {Text{"Upgrades", "Stellt um"}, false},
	"Repair":    {Text{"Repairs", "Repariert"}, false},
	"Invoke":    {Text{"Runs", "Führt aus"}, false},
}

// germanName joins the words of a name with hyphens, as German does, in German where it is
// known.
func germanName(name string) string {
	var parts []string
	for _, word := range nameWords(name) {
		german, known := germanWords[word]
		if !known {
			german = upperFirst(word)
		}
		parts = append(parts, german)
	}
	return strings.Join(parts, "-")
}

var germanWords = map[string]string{
	"mailbox": "Postfach", "mailboxes": "Postfächer", "policy": "Richtlinie", "rule": "Regel", "rules": "Regeln",
	"database": "Datenbank", "copy": "Kopie", "report": "Bericht", "request": "Anforderung", "requests": "Anforderungen",
	"group": "Gruppe", "member": "Mitglied", "members": "Mitglieder", "user": "Benutzer", "users": "Benutzer",
	"contact": "Kontakt", "message": "Nachricht", "messages": "Nachrichten", "folder": "Ordner", "permission": "Berechtigung",
	"permissions": "Berechtigungen", "address": "Adresse", "addresses": "Adressen", "list": "Liste", "domain": "Domäne",
	"domains": "Domänen", "connector": "Connector", "queue": "Warteschlange", "transport": "Transport", "mail": "Mail",
	"public": "öffentliche", "calendar": "Kalender", "device": "Gerät", "devices": "Geräte", "mobile": "Mobil",
	"certificate": "Zertifikat", "directory": "Verzeichnis", "virtual": "virtuelles", "service": "Dienst",
	"configuration": "Konfiguration", "config": "Konfiguration", "settings": "Einstellungen", "setting": "Einstellung",
	"statistics": "Statistik", "search": "Suche", "audit": "Überwachung", "log": "Protokoll", "role": "Rolle",
	"management": "Verwaltung", "assignment": "Zuweisung", "scope": "Bereich", "retention": "Aufbewahrung", "tag": "Tag",
	"sharing": "Freigabe", "organization": "Organisation", "relationship": "Beziehung", "migration": "Migration",
	"move": "Verschiebung", "import": "Import", "export": "Export", "status": "Status", "health": "Zustand",
	"quarantine": "Quarantäne", "spam": "Spam", "filter": "Filter", "malware": "Schadsoftware", "content": "Inhalt",
	"phish": "Phishing", "safe": "sichere", "links": "Links", "attachment": "Anlage", "attachments": "Anlagen",
	"password": "Kennwort", "name": "Name", "size": "Größe", "date": "Datum", "time": "Zeit", "start": "Beginn", "end": "Ende",
	"type": "Typ", "action": "Aktion", "enabled": "aktiviert", "disabled": "deaktiviert", "external": "extern",
	"internal": "intern", "recipient": "Empfänger", "recipients": "Empfänger", "sender": "Absender", "senders": "Absender",
	"subject": "Betreff", "body": "Text", "words": "Wörter", "contains": "enthält", "level": "Stufe", "mode": "Modus",
	"count": "Anzahl", "limit": "Grenze", "interval": "Intervall", "path": "Pfad", "file": "Datei", "description": "Beschreibung",
	"comment": "Kommentar", "notification": "Benachrichtigung", "language": "Sprache", "case": "Fall", "hold": "Aufbewahrungspflicht",
	"label": "Bezeichnung", "rights": "Rechte", "access": "Zugriff", "client": "Client", "authentication": "Anmeldung",
	"availability": "Verfügbarkeit", "network": "Netzwerk", "space": "Raum", "journal": "Journal", "place": "Ort",
	"template": "Vorlage", "backup": "Sicherung", "restore": "Wiederherstellung", "trust": "Vertrauensstellung",
	"entry": "Eintrag", "provider": "Anbieter", "override": "Ausnahme", "agent": "Agent", "connectivity": "Erreichbarkeit",
	"plan": "Plan", "details": "Details", "detail": "Detail", "exceptions": "Ausnahmen", "exception": "Ausnahme",
}
