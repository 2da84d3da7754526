package test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// glossary has the German terms that the program uses, as Microsoft's admin centers and their
// documentation have them, and what is said for the same elsewhere and not here, in small
// letters. What people type (words.txt) is left out: it is found by all of them.
var glossary = map[string][]string{
	"Antispamrichtlinie, Antispamregel":                   {"anti-spam", "antispam-r", "spamschutzrichtlinie"},
	"Antiphishingrichtlinie, Antiphishingregel":           {"anti-phish", "antiphishing-r"},
	"Antischadsoftwarerichtlinie, Antischadsoftwareregel": {"anti-schadsoftware", "anti-malware", "antimalware", "antischadsoftware-r"},
	"Schadsoftware":                {"malware"},
	"eingehender Connector":        {"eingangsconnector", "eingangskonnektor", "inbound-connector"},
	"ausgehender Connector":        {"ausgangsconnector", "ausgangskonnektor", "outbound-connector"},
	"Connector":                    {"konnektor", "connektor"},
	"Migrationsbatch":              {"migrationsstapel"},
	"Nachrichtenflussregel":        {"e-mail-flussregel", "mailflussregel", " flussregel", "\tflussregel"},
	"Nachrichtenfluss":             {"e-mail-fluss", "mailfluss", "mail-fluss"},
	"Nachrichtenablaufverfolgung":  {"nachrichtenverläuf", "nachrichtenverlauf"},
	"Aufbewahrungstag":             {"aufbewahrungskennzeichnung", "aufbewahrungsmarkierung"},
	"Rollengruppe":                 {"administratorgruppe", "adminrolle"},
	"Beweissicherungsverfahren":    {"beweissicherung ", "beweissicherung,", "beweissicherung.", "beweissicherung?", "beweissicherungen"},
	"Verteilergruppe":              {"verteilerliste"},
	"Anlage":                       {"anhänge ", "anhänge?", "anhänge.", "anhänge,", "dateianhang", "mailanhang"},
	"Kennwort":                     {"passwort", "passwört"},
	"Mandant":                      {"tenant"},
	"Outlook im Web":               {"outlook web app", "outlook on the web"},
	"AutoErmittlung":               {"autodiscover"},
	"Standardauthentifizierung":    {"basisauthentifizierung", "basic-authentifizierung", "standardanmeldung", "einfache anmeldung"},
	"Authentifizierungsrichtlinie": {"anmelderichtlinie"},
	"voreingestellte Richtlinie":   {"vordefinierte richtlinie", "vordefinierten richtlinie", "vordefinierte sicherheit", "vordefinierten sicherheit"},
	"Zertifikat":                   {"certificat"},
}

// names are no German words: of cmdlets, parameters, values, products and files.
var names = strings.NewReplacer("{tenant}", "", "--tenant", "", "TenantAllowBlockList", "", "Tenant-", "", "CrossTenantInformation", "", "postroom tenants", "", "--certificate", "")

// TestATenantIsNothingElse: in the window, too, it is no customer and no organisation; those
// two words are only found by who types them.
func TestATenantIsNothingElse(t *testing.T) {
	others := regexp.MustCompile(`(?i)\b(customer|kunde|organi[sz]ation)`)
	for _, language := range []string{"en", "de"} {
		raw, err := os.ReadFile(filepath.Join("..", "assets", "translations", language+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]string
		if err := json.Unmarshal(raw, &texts); err != nil || len(texts) < 500 {
			t.Fatalf("%s: %d texts, %v", language, len(texts), err)
		}
		for key, text := range texts {
			if word := others.FindString(text); word != "" && key != "my own organisation" {
				t.Errorf("%s: %q speaks of %q", language, text, word)
			}
		}
	}
}

// TestOneGermanWordForOneThing holds all German texts against the glossary.
func TestOneGermanWordForOneThing(t *testing.T) {
	texts := germanTexts(t)
	if len(texts) < 4000 {
		t.Fatalf("only %d German texts were found", len(texts))
	}
	for where, text := range texts {
		small := strings.ToLower(names.Replace(" " + text + " "))
		for term, variants := range glossary {
			for _, variant := range variants {
				if strings.Contains(small, variant) {
					t.Errorf("%s: %q has %q; the word is %s", where, text, strings.TrimSpace(variant), term)
				}
			}
		}
	}
}

// germanTexts are the German texts of synopses, parameters, reports, packs, explanations and the window,
// by where they stand.
func germanTexts(t *testing.T) map[string]string {
	t.Helper()
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join("..", "assets", name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	texts := map[string]string{}
	for _, name := range []string{"reference/synopses.tsv", "reference/parameters.tsv"} {
		for line := range strings.Lines(string(read(name))) {
			fields := strings.Split(strings.TrimSpace(line), "\t")
			texts[name+" "+fields[0]] = fields[len(fields)-1]
		}
	}
	for _, name := range []string{"reports.json", "packs.json", "things.json"} {
		var all any
		if err := json.Unmarshal(read(name), &all); err != nil {
			t.Fatal(err)
		}
		germanWithin(all, name, texts)
	}
	explained, err := os.ReadFile(filepath.Join("..", "session", "diagnose", "texts", "de.json"))
	if err != nil {
		t.Fatal(err)
	}
	var problems map[string]map[string]string
	if err := json.Unmarshal(explained, &problems); err != nil {
		t.Fatal(err)
	}
	for id, parts := range problems {
		for part, text := range parts {
			texts["diagnose "+id+" "+part] = text
		}
	}
	var window map[string]string
	if err := json.Unmarshal(read("translations/de.json"), &window); err != nil {
		t.Fatal(err)
	}
	for english, german := range window {
		texts["de.json "+english] = german
	}
	return texts
}

// germanWithin adds what stands under "de" anywhere in a JSON value.
func germanWithin(v any, where string, texts map[string]string) {
	switch v := v.(type) {
	case []any:
		for _, each := range v {
			germanWithin(each, where, texts)
		}
	case map[string]any:
		if name, ok := v["name"].(string); ok {
			where += " " + name
		}
		for key, each := range v {
			if text, ok := each.(string); ok && key == "de" {
				texts[where+": "+text] = text
				continue
			}
			germanWithin(each, where+" "+key, texts)
		}
	}
}
