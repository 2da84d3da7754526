package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// miniature is a facts folder with one of everything.
var miniature = map[string]string{
	"cmdlets.jsonl": `{"c":"Get-Thing","a":"6X","g":"things","s":["Identity","All"],"d":1,"o":["Name","IsValid"],"p":[{"n":"Identity","t":"ThingIdParameter","s":[0],"r":1,"p":0,"pi":"vn","id":"ng"},{"n":"Mode","t":"ThingMode","v":["On","Off"],"vq":"l"},{"n":"Modes","t":"ThingMode[]","m":1,"dt":"r","r":1},{"n":"Size","t":"Unlimited","u":"b","mn":1,"mx":9,"df":"10 MB"},{"n":"Quota","t":"Unlimited","u":"b","df":"1.899"},{"n":"Old","t":"String","dep":"cloud","a":"X"},{"n":"DomainController","t":"Fqdn","a":"6"}]}
{"c":"Get-ThingOld","a":"X","by":"Get-Thing","p":[]}
{"c":"Connect-Thing","a":"X","cl":1,"p":[]}
{"c":"Remove-thing","a":"X","st":["going"],"by":"Get-Thing","w":"wc","p":[{"n":"Confirm","t":"SwitchParameter"},{"n":"Links","t":"MultiValuedProperty","m":1,"ar":1,"r":[0]}]}
`,
	"enums.jsonl":    `{"t":"ThingMode","v":["On","Off"],"fill":["Get-Thing -Modes"]}` + "\n",
	"filterable.tsv": "property\tparameter\tservices\tldap\tcmdlets\tvalue\nAlias\tFilter\tPX\tx\tGet-Thing\tstring*?\nCity\tRecipientFilter\tX\tl\t\tstring\n",
	"properties.tsv": "cmdlet\tproperty\ttype\twhere\tconfidence\tsources\nGet-Thing\tIdentity\tstring?\tcloud*\tlow\tx\nGet-Thing\tSize\tbytesize\tboth\thigh\tx\n",
	"reports.tsv": "id\trank\ttitle_en\ttitle_de\tgroup\taudience\tstep1\tstep2\tcolumns\tfilter_or_computed\tsort\tquestion\tcaveats\tsource\n" +
		"few\t1\tF\tF\tg\tEXO\tGet-Thing -Filter \"x\"\t\tSize,Name\t\t\tq\t\t\nall\t2\tA\tA\tg\tEXO\tGet-Thing -Mode On\t\t1.Owner,Share,1.Size\tShare := 1\t\tq\t\t\n",
	"words.tsv": "words_en\twords_de\tcmdlets\treports\tnote\nthing; object\tDing\tGet-Thing, Connect-Thing\tall\tn\n",
}

func factsFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range miniature {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestLinesOfTheCatalogue(t *testing.T) {
	in, err := read(factsFolder(t))
	if err != nil {
		t.Fatal(err)
	}
	x := newChoices(in)
	got, err := cmdletLines(in, x, "Get-Thing\tSize\n")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		"Get-Thing\t6X\tgroup=things sets=Identity,All default=All\tIdentity ThingIdParameter /0 ! #0 |vn &ng\tModes ThingMode[] ~ : *\tSize Unlimited ^b >1 <9 usual=10 MB\tMode ThingMode :\tQuota Unlimited ^b\tDomainController Fqdn @6\tOld String @X old=cloud",
		"Get-ThingOld\tX\tby=Get-Thing",
		"Remove-thing\tX\tasks=wc state=going by=Get-Thing\tLinks MultiValuedProperty !0 * +-",
	} {
		if line := strings.Split(got, "\n")[i]; line != want {
			t.Errorf("line %d:\n%s\nwant\n%s", i, line, want)
		}
	}
	columns, err := columnLines(in, "Get-Thing\tFirst Size\n")
	if err != nil {
		t.Fatal(err)
	}
	if want := "Get-Thing\tFirst,Size,Owner,Name\nGet-ThingOld\tName,Owner,Size\n"; !strings.HasPrefix(columns, want) {
		t.Errorf("columns of our own: %q, want %q", columns, want)
	}
	if columns, err = columnLines(in, ""); err != nil {
		t.Fatal(err)
	}
	words, err := wordLines(in, "my thing\tmein Ding\tGet-ThingOld,Get-Thing\tfew\n")
	if err != nil {
		t.Fatal(err)
	}
	filters, err := filterLines(in, "Bcc\t2\tF\tX\tGet-Thing\tstring*?\n")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := filterLines(in, "Bcc\tX\tF\n"); err == nil {
		t.Error("a range without its number is read")
	}
	for name, test := range map[string][2]string{
		"choices":    {x.all(), "ThingMode\tOn,Off\n"},
		"filters":    {filters, "Alias\tF\tPX\tGet-Thing\tstring*?\nBcc1\tF\tX\tGet-Thing\tstring*?\nBcc2\tF\tX\tGet-Thing\tstring*?\nCity\tR\tX\t\tstring\n"},
		"properties": {propertyLines(in), "Get-Thing\tIdentity string c?\tSize bytesize b\n"},
		"columns":    {columns, "Get-Thing\tName,Owner,Size\nGet-ThingOld\tName,Owner,Size\n"},
		"words":      {words, "thing;object\tDing\tGet-Thing\tall\nmy thing\tmein Ding\tGet-ThingOld,Get-Thing\tfew\n"},
	} {
		if test[0] != test[1] {
			t.Errorf("%s: %q, want %q", name, test[0], test[1])
		}
	}
}

func TestUsageNamesWhatThereIs(t *testing.T) {
	in, err := read(factsFolder(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{"Get-Nothing\tSize\n", "Get-Thing\tWidth\n"} {
		if _, err := cmdletLines(in, newChoices(in), wrong); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
	for _, wrong := range []string{"a\tb\tGet-Nothing\tall\n", "a\tb\tGet-Thing\tnone\n", "a\tGet-Thing\n"} {
		if _, err := wordLines(in, wrong); err == nil {
			t.Errorf("words %q are taken", wrong)
		}
	}
	if _, err := columnLines(in, "Get-Nothing\tSize\n"); err == nil {
		t.Error("columns of a cmdlet that is not there are taken")
	}
}

func TestFactsThatCannotBeReadAreAnError(t *testing.T) {
	for name, text := range map[string]string{"cmdlets.jsonl": "{", "enums.jsonl": "[1]\n", "words.tsv": "a\tb\nc\n"} {
		dir := factsFolder(t)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := run(dir, t.TempDir()); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAssetsAreAsTheFactsHaveThem makes the catalogue anew where the facts are.
func TestAssetsAreAsTheFactsHaveThem(t *testing.T) {
	facts := filepath.Join("..", "..", "..", "shared", "facts")
	if _, err := os.Stat(facts); err != nil {
		t.Skip("the facts are not here")
	}
	out := t.TempDir()
	if err := run(facts, out); err != nil {
		t.Fatal(err)
	}
	made, err := os.ReadDir(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range made {
		want, err := os.ReadFile(filepath.Join(out, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join("..", "..", "assets", "reference", f.Name())); err != nil || string(got) != string(want) {
			t.Errorf("assets/reference/%s is another: make catalogue (%v)", f.Name(), err)
		}
	}
}
