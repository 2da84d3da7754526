package simulator_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"postroom/session/cmdlet"
	"postroom/session/simulator"
	"postroom/session/wsman"
	"postroom/test/fixture"
)

// facts opens a file of the facts about Exchange, or skips the test.
func facts(t *testing.T, name string) *os.File {
	t.Helper()
	file, err := os.Open(filepath.Join(fixture.Root(t), "..", "shared", "facts", name))
	if err != nil {
		t.Skipf("the facts are not here: %v", err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return file
}

// cmdletFact is a line of cmdlets.jsonl, as far as the wire shows it.
type cmdletFact struct {
	Name       string   `json:"c"`
	Services   string   `json:"a"`
	Client     int      `json:"cl"`
	Internal   int      `json:"in"`
	Retired    []string `json:"st"`
	Process    string   `json:"w"`
	Parameters []struct {
		Name     string  `json:"n"`
		Type     string  `json:"t"`
		Services *string `json:"a"`
	} `json:"p"`
}

func cmdletFacts(t *testing.T) map[string]cmdletFact {
	t.Helper()
	all := map[string]cmdletFact{}
	lines := bufio.NewScanner(facts(t, "cmdlets.jsonl"))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var f cmdletFact
		if err := json.Unmarshal(lines.Bytes(), &f); err != nil {
			t.Fatal(err)
		}
		all[f.Name] = f
	}
	return all
}

// served says whether a server of these services has what the facts say is of
// others: SE counts as 2019.
func served(services, of string) bool {
	return strings.ContainsAny(of, services) || strings.Contains(services, "9") && strings.Contains(of, "s")
}

// has says whether the cloud's services have the cmdlet.
func (f cmdletFact) has(services string) bool {
	return f.Client == 0 && f.Internal == 0 && served(services, f.Services) && !slices.Contains(f.Retired, "cloud-retired")
}

// everyCmdletHas are the parameters that PowerShell gives to all cmdlets.
const everyCmdletHas = "Verbose Debug ErrorAction WarningAction InformationAction ErrorVariable WarningVariable InformationVariable OutVariable OutBuffer PipelineVariable"

// shellHas are the cmdlets of every session, of which the facts say nothing.
const shellHas = "Get-Command Get-Help Get-FormatData Exit-PSSession Out-Default Select-Object Measure-Object"

// tenantServices are the services of tenants whose role has all cmdlets.
var tenantServices = map[string]string{"nordsee-logistik.example": "XC", "alpenhof.example": "X", "tannenberg.example": "E"}

// metadataMessages asks a session for all its cmdlets and gives the XML of the messages
// that answer. They are put together from their fragments here (MS-PSRP 2.2.4 and 2.2.1).
func metadataMessages(t *testing.T, c *client) (messages [][]byte) {
	t.Helper()
	id := c.askMetadata(t, "*")
	command := strings.ToUpper(id.String())
	last := func() []byte { return messages[len(messages)-1] }
	for len(messages) == 0 || !bytes.Contains(last(), []byte(`<I32 N="PipelineState">4</I32>`)) {
		got, err := c.shell.Receive(c.ctx, command)
		if err != nil {
			t.Fatal(err)
		}
		for data := got.Data; len(data) > 0; { // ids, flags, length, blob
			length := int(binary.BigEndian.Uint32(data[17:]))
			if data[16]&1 != 0 { // a message begins
				messages = append(messages, nil)
			}
			messages[len(messages)-1] = append(last(), data[21:21+length]...)
			data = data[21+length:]
		}
	}
	if err := c.shell.Signal(c.ctx, command, wsman.SignalTerminate); err != nil {
		t.Fatal(err)
	}
	c.pool.Forget(id)
	for i, m := range messages {
		messages[i] = m[40:] // destination, type, pool, pipeline
	}
	return messages
}

// metadataText is a text of CLIXML with its name.
type metadataText struct {
	Name string `xml:"N,attr"`
	Text string `xml:",chardata"`
}

func named(name string, texts []metadataText) string {
	for _, s := range texts {
		if s.Name == name {
			return s.Text
		}
	}
	return ""
}

// metadataOf asks a session for all its cmdlets; encoding/xml reads the answer.
func metadataOf(t *testing.T, c *client) []metadataObject {
	t.Helper()
	var list []metadataObject
	for _, message := range metadataMessages(t, c) {
		var m struct {
			Texts   []metadataText `xml:"MS>S"`
			Objects []struct {
				Name    string `xml:"N,attr"`
				Entries []struct {
					Properties []metadataText `xml:"Obj>Props>S"`
				} `xml:"DCT>En"`
			} `xml:"MS>Obj"`
		}
		if err := xml.Unmarshal(message, &m); err != nil {
			t.Fatal(err)
		}
		o := metadataObject{name: named("Name", m.Texts), parameters: map[string]string{}}
		if o.name == "" {
			continue // how many there are, and the state
		}
		for _, in := range m.Objects {
			for _, e := range in.Entries {
				o.parameters[named("Name", e.Properties)] = named("ParameterType", e.Properties)
			}
		}
		for _, word := range notTold {
			if bytes.Contains(message, []byte(`N="`+word+`"`)) {
				t.Errorf("%s: %s came over the wire", o.name, word)
			}
		}
		list = append(list, o)
	}
	return list
}

// notTold is what a form would like to know and no server tells.
var notTold = []string{"ParameterSets", "Mandatory", "IsMandatory", "ValidateSet", "Choices", "Position"}

type metadataObject struct {
	name       string
	parameters map[string]string // type by name
}

// shortType is a full name of .NET as the facts write it.
func shortType(full string) string {
	full, list := strings.CutSuffix(full, "[]")
	full, _, _ = strings.Cut(full, "`")
	full = full[strings.LastIndexByte(full, '.')+1:]
	if list {
		full += "[]"
	}
	return full
}

// What a session may run is what the facts say of its services: the same
// cmdlets, each with the same parameters, of the same types.
func TestCmdletsAreThoseOfTheFacts(t *testing.T) {
	known := cmdletFacts(t)
	s := start(t, simulator.Options{Epoch: epoch})
	counts := map[string]int{}
	for domain, services := range tenantServices {
		if services != "XC" && fixture.OneOf(2) != 1 {
			continue // the others by make test-long
		}
		c := mustOpen(t, s, dial{tenant: domain})
		list := metadataOf(t, c)
		c.close()
		seen := map[string]bool{}
		for _, m := range list {
			if slices.Contains(strings.Fields(shellHas), m.name) {
				continue
			}
			seen[m.name] = true
			f := known[m.name]
			if !f.has(services) {
				t.Errorf("%s: %s is not one of %s", domain, m.name, services)
				continue
			}
			want := map[string]string{}
			for _, p := range f.Parameters {
				if of := p.Services; of == nil || served(services, *of) {
					want[p.Name] = shortType(strings.Replace(p.Type, "PswsHashtable", "Hashtable", 1))
				}
			}
			for _, name := range strings.Fields(everyCmdletHas) {
				want[name] = shortType(m.parameters[name])
			}
			if f.Process != "" {
				want["WhatIf"], want["Confirm"] = "SwitchParameter", "SwitchParameter"
			}
			for name, full := range m.parameters {
				if typ, ok := want[name]; !ok || typ != shortType(full) {
					t.Errorf("%s: %s -%s is a %s; the facts say %q", domain, m.name, name, full, typ)
				}
				delete(want, name)
			}
			if len(want) > 0 {
				t.Errorf("%s: %s has no %v", domain, m.name, want)
			}
		}
		for name, f := range known {
			if f.has(services) && !seen[name] {
				t.Errorf("%s: %s is not served", domain, name)
			}
		}
		counts[services] = len(seen)
	}
	if counts["XC"] < 400 {
		t.Errorf("%d cmdlets: at least 400 are promised", counts["XC"])
	}
}

// GET_COMMAND_METADATA is answered with the properties that a real server's answer
// has (a recording of PowerShell) and no others: no sets, no
// choices, nothing of what is mandatory. The messages are put together from their
// fragments here, and read by encoding/xml.
func TestMetadataSaysNoMoreThanServersDo(t *testing.T) {
	s := start(t, simulator.Options{Epoch: epoch})
	c := mustOpen(t, s, dial{tenant: "tannenberg.example"})
	defer c.close()
	messages := bytes.Join(metadataMessages(t, c), nil)
	names := regexp.MustCompile(` N="([^"]*)"`)
	said := map[string]int{}
	for _, m := range names.FindAllSubmatch(messages, -1) {
		said[string(m[1])]++
	}
	real := string(fixture.Read(t, "powershell", "psrp", "03b-import-full.decoded.txt"))
	for name, n := range said {
		if name != "V" && name != "T" && !strings.Contains(real, ` N="`+name+`"`) {
			t.Errorf("%d times %q, which a real answer has not", n, name)
		}
	}
	if said["ParameterType"] < 4000 || said["HelpUri"] < 200 {
		t.Errorf("there are %d types and %d cmdlets in it", said["ParameterType"], said["HelpUri"])
	}
	for _, word := range notTold {
		if bytes.Contains(messages, []byte(`N="`+word+`"`)) {
			t.Errorf("%s is told", word)
		}
	}
}

// shape is how CLIXML writes the properties of an object: the element of each,
// behind a colon that of a list or a value within.
func shape(t *testing.T, payload string) (types []string, properties, more map[string]string) {
	t.Helper()
	properties, more = map[string]string{}, map[string]string{}
	d := xml.NewDecoder(strings.NewReader(payload))
	var path []string
	name := ""
	for {
		token, err := d.Token()
		if err != nil {
			return types, properties, more
		}
		switch e := token.(type) {
		case xml.StartElement:
			path = append(path, e.Name.Local)
			switch at := strings.Join(path, "/"); {
			case at == "Obj/Props/"+e.Name.Local, at == "Obj/MS/"+e.Name.Local:
				name = ""
				for _, a := range e.Attr {
					if a.Name.Local == "N" {
						name = a.Value
					}
				}
				into := properties
				if path[1] == "MS" {
					into = more
				}
				into[name] = e.Name.Local
			case at == "Obj/Props/Obj/LST":
				properties[name] = "LST"
			}
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			if strings.Join(path, "/") == "Obj/TN/T" {
				types = append(types, string(e))
			}
		}
	}
}

// fits are the elements that values of a type of properties.tsv are written as.
var fits = map[string]string{
	"string": "S Version URI", "enum": "S", "bool": "B", "int": "I32 U16 U32 I64", "double": "Db", "list": "LST", "datetime": "DT", "guid": "G S", "timespan": "TS Obj",
	"bytesize": "S Obj", "unlimited": "S Obj", "version": "S Version", "object": "S Obj", "hashtable": "S Obj", "bytes": "S BA",
}

// propertyFacts are the properties of cmdlets' output that several sources have.
func propertyFacts(t *testing.T) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	lines := bufio.NewScanner(facts(t, "properties.tsv"))
	lines.Scan()
	for lines.Scan() {
		c := append(strings.Split(lines.Text(), "\t"), "")
		if reported := strings.Contains(c[5], "report"); (c[4] == "low" || c[3] == "onprem*") && !reported || strings.HasPrefix(c[0], "Get-EXO") {
			continue
		}
		if all[c[0]] == nil {
			all[c[0]] = map[string]string{}
		}
		all[c[0]][c[1]] = c[2]
	}
	return all
}

// -Filter takes the properties that the facts have for a cmdlet and those that Microsoft's
// lists have under one heading ("CustomAttribute1 to CustomAttribute15"), for the same
// cmdlets as an address; and no other that its rows show.
func TestFiltersTakeThePropertiesOfTheFacts(t *testing.T) {
	filterable := map[string]map[string]string{}
	lines := bufio.NewScanner(facts(t, "filterable.tsv"))
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		for name := range strings.FieldsSeq(f[4]) {
			if filterable[name] == nil {
				filterable[name] = map[string]string{}
			}
			if f[1] == "Filter" {
				filterable[name][strings.ToLower(f[0])] = f[2]
			}
		}
	}
	s := start(t, simulator.Options{Rows: 5, Epoch: epoch})
	c := mustOpen(t, s, dial{tenant: "nordsee-logistik.example"})
	defer c.close()
	for _, name := range []string{"Get-Mailbox", "Get-Recipient", "Get-DistributionGroup"} {
		for i := range 15 {
			filterable[name][fmt.Sprintf("customattribute%d", i+1)] = "X"
		}
		for i := range 5 {
			filterable[name][fmt.Sprintf("extensioncustomattribute%d", i+1)] = "X"
		}
		var taken []string
		for property, services := range filterable[name] {
			if strings.Contains(services, "X") {
				taken = append(taken, property+" -eq 'x'")
			}
		}
		if r := c.run(call(name, "Filter", strings.Join(taken, " -or "))); len(taken) < 50 || r.err != nil {
			t.Errorf("%s: %d properties: %v", name, len(taken), r.err)
		}
		for _, shown := range c.run(call(name, "ResultSize", int64(1))).rows[0] {
			if strings.Contains(filterable[name][strings.ToLower(shown.name)], "X") {
				continue
			}
			r := c.run(call(name, "Filter", shown.name+" -eq 'x'"))
			if r.err == nil || !strings.Contains(r.err.Message, `"`+shown.name+`" is not a recognized filterable property`) {
				t.Errorf("%s takes %s: %v", name, shown.name, r.err)
			}
		}
	}
}

// doubtful are properties whose type the facts guessed from scripts, and why it is
// another one.
var doubtful = map[string]string{
	"ExchangeVersion": "0.20 (15.0.0.0) is no number, as Exchange 2019 sends it", "ObjectClass": "a list, as Exchange 2019 sends it", "RuleVersion": "a System.Version",
	"PoliciesExcluded": "a list, as of Get-DistributionGroup", "Members": "a list", "Tags": "a list", "ResourceDelegates": "a list, as of Get-CalendarProcessing",
	"ProtocolSettings": "a list, as the REST door sends it", "RecipientLimits": "a number or Unlimited, which is a text", "ExtensionCustomAttribute1": "a list, as of Get-Mailbox", "ExtensionCustomAttribute2": "as 1",
	"ExtensionCustomAttribute3": "as 1", "ExtensionCustomAttribute4": "as 1", "ExtensionCustomAttribute5": "as 1",
}

// The rows of every cmdlet whose output the facts know have these properties,
// of these types.
func TestRowsHaveThePropertiesOfTheFacts(t *testing.T) {
	known := propertyFacts(t)
	s := start(t, simulator.Options{Rows: 30, Epoch: epoch})
	without := map[string]bool{}
	checked := map[string]bool{}
	step := fixture.OneOf(8)
	for first, domain := range []string{"nordsee-logistik.example", "postroom.example"} {
		c := mustOpen(t, s, dial{tenant: domain, nullHost: true})
		for _, i := range append(everyGet(t, c, first, step), others(t, c)...) {
			want := known[i.Cmdlet]
			if want == nil || checked[i.Cmdlet] {
				continue
			}
			r := c.run(i)
			if len(r.payloads) == 0 {
				without[i.Cmdlet] = true
				continue
			}
			checked[i.Cmdlet] = true
			delete(without, i.Cmdlet)
			for name := range want {
				if doubtful[name] != "" {
					delete(want, name)
				}
			}
			for _, p := range []string{r.payloads[0], r.payloads[len(r.payloads)-1]} {
				_, has, origin := shape(t, p)
				for name, element := range origin {
					if has[name] != "" {
						t.Errorf("%s: %s is written twice", i.Cmdlet, name)
					}
					has[name] = element
				}
				for name, typ := range want {
					element, ok := has[name]
					if typ, _ := strings.CutSuffix(typ, "?"); !ok || element != "Nil" && !slices.Contains(strings.Fields(fits[typ]), element) {
						t.Errorf("%s: %s is written as %q; the facts say %s", i.Cmdlet, name, element, typ)
					}
				}
			}
		}
		c.close()
	}
	for name := range known {
		if step == 1 && !checked[name] {
			without[name] = true
		}
	}
	if len(without) > 0 || len(checked) < 140/step {
		t.Errorf("%d cmdlets checked; without rows: %v", len(checked), slices.Sorted(maps.Keys(without)))
	}
}

// others are calls of what everyGet leaves out, about a row of another cmdlet.
func others(t *testing.T, c *client) []cmdlet.Invocation {
	t.Helper()
	trace, mail := c.run(call("Get-MessageTraceV2", "ResultSize", int64(1))), c.run(call("Get-QuarantineMessage", "PageSize", int64(1)))
	return []cmdlet.Invocation{
		call("Get-MessageTraceDetailV2", "MessageTraceId", trace.get(t, 0, "MessageTraceId"), "RecipientAddress", trace.get(t, 0, "RecipientAddress")),
		call("Get-QuarantineMessageHeader", "Identity", mail.get(t, 0, "Identity")), call("Test-ReplicationHealth"),
	}
}

// Real servers' objects say where they came from by the same properties, of the
// same types, and have types of the same names; a property that both have is no
// other kind of value. What a shell with Exchange's own types has put together
// again (an enumeration, an identity, a size) is a text on the wire.
func TestRowsAreAsRealServersSendThem(t *testing.T) {
	folder := fixture.Path(t, "exchange-real")
	files, err := filepath.Glob(filepath.Join(folder, "*.xml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	s := start(t, simulator.Options{Rows: 30, Epoch: epoch})
	c := mustOpen(t, s, dial{nullHost: true})
	defer c.close()
	compared := 0
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		noun := strings.TrimSuffix(filepath.Base(file)[len("E16-Get"):], ".xml")
		types, real, origin := shape(t, firstObject(b))
		r := c.run(call("Get-" + noun))
		if len(r.payloads) == 0 {
			continue // Get-PartnerApplication: a cmdlet whose output the facts do not know
		}
		compared++
		ownTypes, own, ownOrigin := shape(t, r.payloads[0])
		if len(types) > 0 && ownTypes[0] != types[0] {
			t.Errorf("Get-%s gives a %s; real servers %s", noun, ownTypes[0], types[0])
		}
		for name, element := range origin {
			if ownOrigin[name] != element {
				t.Errorf("Get-%s: %s is written as %q; real servers write %q", noun, name, ownOrigin[name], element)
			}
		}
		for name, element := range own {
			want, both := real[name]
			if both && element != want && element != "Nil" && want != "Nil" && want != "Obj" && want != "Ref" {
				t.Errorf("Get-%s: %s is written as %q; real servers write %q", noun, name, element, want)
			}
		}
	}
	if compared < 20 {
		t.Errorf("%d of %d files compared", compared, len(files))
	}
}

// firstObject is the first object of a file of Export-Clixml.
func firstObject(file []byte) string {
	file = bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
	start := bytes.Index(file, []byte("<Obj RefId"))
	return string(file[start:])
}

// The REST door writes what it writes in the fixtures in the same way: a
// property that both have has the same annotations, and the same kind of value.
func TestRESTRowsAreAsTheServiceWritesThem(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(fixture.Path(t, "exo-rest"), "rows-*.json"))
	if err != nil {
		t.Fatal(err)
	}
	c := restCaller(t, startREST(t, simulator.Options{Rows: 30, Epoch: epoch}), "alpenhof.example")
	compared := 0
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var exchange struct {
			Request  struct{ Headers map[string]string }
			Response struct {
				Body struct{ Value []json.RawMessage }
			}
		}
		if err := json.Unmarshal(b, &exchange); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if strings.Contains(file, "guess") {
			continue // made up
		}
		name := exchange.Request.Headers["X-CmdletName"]
		own := c.run(name, nil).rows()
		if name == "" || len(own) == 0 {
			continue
		}
		for _, text := range exchange.Response.Body.Value {
			var row map[string]any
			if json.Unmarshal(text, &row) != nil {
				continue // an envelope of another format
			}
			for key, value := range row {
				property, annotation, _ := strings.Cut(key, "@")
				has, both := own[0][property]
				switch {
				case !both || property == "" || has == nil || row[property] == nil:
				case annotation != "" && own[0][key] != value:
					t.Errorf("%s: %s: %s is %v; the service writes %v", filepath.Base(file), name, key, own[0][key], value)
				case annotation == "" && fmt.Sprintf("%T", has) != fmt.Sprintf("%T", value):
					t.Errorf("%s: %s: %s is a %T; the service writes a %T", filepath.Base(file), name, property, has, value)
				default:
					compared++
				}
			}
		}
	}
	if compared < 30 {
		t.Errorf("%d properties compared", compared)
	}
}
