package diagnose

import (
	"embed"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// sentences are what is said about one row in one language. {name} stands for
// a value; see facts.values.
type sentences struct {
	Title string `json:"title"`
	Cause string `json:"cause"`
	Fix   string `json:"fix"`
}

//go:embed texts/*.json
var files embed.FS

// languages are those with a file in texts/; the first one is the fall-back.
func languages() []string { return []string{"en", "de"} }

var allTexts = sync.OnceValue(func() map[string]map[string]sentences {
	all := map[string]map[string]sentences{}
	for _, language := range languages() {
		all[language] = map[string]sentences{}
		b, err := files.ReadFile("texts/" + language + ".json")
		if err != nil {
			continue // ExplainIn then shows the error itself; the test fails
		}
		var of map[string]sentences
		if json.Unmarshal(b, &of) == nil {
			all[language] = of
		}
	}
	return all
})

func textsIn(language string) map[string]sentences {
	if of, ok := allTexts()[base(language)]; ok {
		return of
	}
	return allTexts()["en"]
}

func base(language string) string {
	b, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(language, "_", "-")), "-")
	return b
}

// words are what stands in a sentence when a value is not known, and the parts of values.
// It has a field for each word that a language has to give.
type words struct {
	language                                                             string // its BCP 47 tag
	server, some, quarter, moment, nothing, parameter, file, at, setting string
	seconds, minutes, second, hours, days, row, rows, onTheWay           string
	tenant, account, command, consent                                    string
	elsewhere, unnamed                                                   string // an address, a tenant
	kinds                                                                map[string]string
	menders                                                              map[Mender]string
	wants                                                                map[string]string // of expressions
	wanted                                                               string            // what an expression lacks, and where
}

func wordsIn(language string) words {
	if base(language) == "de" {
		return words{
			language: "de",
			server:   "der Server", some: "mehrere", quarter: "nach etwa 15 Minuten", moment: "einige Minuten", nothing: "nichts", elsewhere: "eine andere Adresse", unnamed: "einen anderen",
			parameter: "Parameter", file: "die Datei", at: "spätestens um", setting: "die Einstellung der Verbindung", seconds: "%d Sekunden", minutes: "%d Minuten", second: "1 Sekunde",
			hours: "%d Stunden", days: "%d Tage", row: "1 Zeile", rows: "%d Zeilen", onTheWay: "auf dem Weg zu %s",
			tenant: "diesen Mandanten", account: "diesem Konto", command: "diesen Befehl", consent: "die Zustimmungsseite der Anwendung",
			menders: map[Mender]string{
				MenderPerson: "Sie selbst", MenderTenant: "ein Administrator des Mandanten", MenderPartner: "ein Administrator des Partners",
				MenderHome: "ein Administrator des eigenen Mandanten", MenderApp: "wer die Anwendung registriert hat",
				MenderNetwork: "wer Ihr Netz betreut", MenderMicrosoft: "Microsoft",
			},
			kinds: map[string]string{
				"Number": "eine Zahl", "Bool": "ja oder nein", "Switch": "ja oder nein", "Date": "ein Datum wie 2026-03-31",
				"Duration": "eine Dauer wie 12h oder 7d", "ByteSize": "eine Größe wie 10 MB", "Hashtable": "@{Name=Wert}",
				"UnlimitedNumber": "eine Zahl oder Unlimited", "UnlimitedByteSize": "eine Größe wie 10 MB oder Unlimited", "": "ein anderer Wert",
			},
			wants: map[string]string{
				"a value": "ein Wert, etwa eine Spalte oder ein 'Text'", "a function": "eine Funktion aus der Liste", "other arguments": "eine andere Zahl von Argumenten",
				"the end": "das Ende", "fewer levels": "weniger Verschachtelung", "a closing quote": "ein schließendes Hochkomma", "a number": "eine Zahl",
				"a column of the report": "eine Spalte des Berichts",
			},
			wanted: "In „%s“ fehlt an Stelle %d: %s.",
		}
	}
	return words{
		language: "en",
		server:   "the server", some: "several", quarter: "after about 15 minutes", moment: "a few minutes", nothing: "nothing", elsewhere: "another address", unnamed: "another one",
		parameter: "parameter", file: "the file", at: "by", setting: "the connection's own setting", seconds: "%d seconds", minutes: "%d minutes", second: "1 second",
		hours: "%d hours", days: "%d days", row: "1 row", rows: "%d rows", onTheWay: "on the way to %s",
		tenant: "this tenant", account: "this account", command: "this cmdlet", consent: "the application's consent page",
		menders: map[Mender]string{
			MenderPerson: "you", MenderTenant: "an administrator of the tenant", MenderPartner: "an administrator of the partner",
			MenderHome: "an administrator of the account's own tenant", MenderApp: "whoever registered the application",
			MenderNetwork: "whoever looks after your network", MenderMicrosoft: "Microsoft",
		},
		kinds: map[string]string{
			"Number": "a number", "Bool": "yes or no", "Switch": "yes or no", "Date": "a date such as 2026-03-31",
			"Duration": "a duration such as 12h or 7d", "ByteSize": "a size such as 10 MB", "Hashtable": "@{Name=Value}",
			"UnlimitedNumber": "a number or Unlimited", "UnlimitedByteSize": "a size such as 10 MB or Unlimited", "": "another value",
		},
		wants: map[string]string{
			"a value": "a value, such as a column or a 'text'", "a function": "a function from the list", "other arguments": "another number of arguments",
			"fewer levels": "less nesting",
		},
		wanted: "In \"%s\", this is missing at character %d: %s.",
	}
}

// misread says what an expression lacks, and at which letter, from 1. What has no words of
// its own is a sign or units.
func (w words) misread(expression string, at int, want string) string {
	if text, ok := w.wants[want]; ok {
		want = text
	}
	return fmt.Sprintf(w.wanted, expression, utf8.RuneCountInString(expression[:min(at, len(expression))])+1, want)
}

func (w words) kind(name string) string {
	if text, ok := w.kinds[name]; ok {
		return text
	}
	return w.kinds[""]
}

// duration rounds up: coming back early lengthens a lock-out.
func (w words) duration(d time.Duration) string {
	if d <= time.Second {
		return w.second
	}
	const day = 24 * time.Hour
	switch {
	case d <= 2*time.Minute:
		return fmt.Sprintf(w.seconds, int(math.Ceil(d.Seconds())))
	case d <= 2*time.Hour:
		return fmt.Sprintf(w.minutes, int(math.Ceil(d.Minutes())))
	case d <= 2*day:
		return fmt.Sprintf(w.hours, int(math.Ceil(d.Hours())))
	}
	return fmt.Sprintf(w.days, int(math.Ceil(float64(d)/float64(day))))
}

// count says how many rows.
func (w words) count(rows int) string {
	if rows == 1 {
		return w.row
	}
	return fmt.Sprintf(w.rows, rows)
}
