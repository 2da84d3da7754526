package reference_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"postroom/session/cmdlet"
	"postroom/session/reference"
)

// TestServerDecidesWhatExists is the promise of the reference: whatever a server names is
// there, nothing else is, and what it says of a parameter stands.
func TestServerDecidesWhatExists(t *testing.T) {
	r := reference.New()
	names := r.Names(0)
	random := rand.New(rand.NewPCG(11, 4)) // a seed of its own: a failure comes again
	for range 3000 {
		server := serverCmdlet(random, r, names)
		laid := r.Lay(server)
		if laid.Name != server.Name || len(laid.Parameters) != len(server.Parameters) {
			t.Fatalf("%s: %d parameters of the server's %d", server.Name, len(laid.Parameters), len(server.Parameters))
		}
		for i, p := range server.Parameters {
			checkLaid(t, server.Name, p, laid.Parameters[i])
		}
		checkSets(t, laid)
	}
}

func checkLaid(t *testing.T, name string, server cmdlet.Parameter, laid reference.Parameter) {
	t.Helper()
	switch {
	case laid.Name != server.Name, server.Type != "" && laid.Type != server.Type:
		t.Errorf("%s: -%s %s became -%s %s", name, server.Name, server.Type, laid.Name, laid.Type)
	case len(server.Choices) > 0 && (laid.Choices.Open || !slices.Equal(laid.Choices.Values, server.Choices)):
		t.Errorf("%s -%s: the server's choices %v became %+v", name, server.Name, server.Choices, laid.Choices)
	case len(server.Choices) == 0 && len(laid.Choices.Values) > 0 && !laid.Choices.Open:
		t.Errorf("%s -%s: choices that the server did not name are demanded", name, server.Name)
	case server.Mandatory && !laid.Sets.Always:
		t.Errorf("%s -%s is required by the server", name, server.Name)
	case server.Position >= 0 && laid.Position != server.Position:
		t.Errorf("%s -%s: position %d became %d", name, server.Name, server.Position, laid.Position)
	}
	if k := cmdlet.KindOf(server.Type); k != cmdlet.Text && laid.Kind != k {
		t.Errorf("%s -%s: %s became %v", name, server.Name, server.Type, laid.Kind)
	}
	for _, a := range server.Aliases {
		if !slices.Contains(laid.Aliases, a) {
			t.Errorf("%s -%s lost the alias %s", name, server.Name, a)
		}
	}
}

func checkSets(t *testing.T, laid reference.Cmdlet) {
	t.Helper()
	for _, p := range laid.Parameters {
		for _, s := range p.Sets.In {
			if !slices.Contains(laid.Sets, s) {
				t.Errorf("%s -%s is in the set %q, which is none of %v", laid.Name, p.Name, s, laid.Sets)
			}
		}
	}
}

// serverCmdlet makes up what a server might say: cmdlets that the reference knows, with
// parameters missing, added and of other types, and cmdlets that it has never heard of.
func serverCmdlet(random *rand.Rand, r *reference.Reference, names []string) cmdlet.Cmdlet {
	types := []string{
		"", "System.String", "System.Int32", "System.DateTime", "System.Management.Automation.SwitchParameter",
		"Microsoft.Exchange.Data.Unlimited`1[[System.UInt32, mscorlib]]", "System.Object", "System.Security.SecureString",
		"Microsoft.Exchange.Configuration.Tasks.MailboxIdParameter", "System.String[]",
	}
	c := cmdlet.Cmdlet{Name: names[random.IntN(len(names))]}
	fact, _ := r.Cmdlet(c.Name)
	if random.IntN(5) == 0 {
		c.Name = "Invoke-" + c.Name[strings.IndexByte(c.Name, '-')+1:] + "Anew"
	}
	withSets := random.IntN(3) == 0
	var given []string
	for _, p := range fact.Parameters {
		if random.IntN(3) > 0 {
			given = append(given, p.Name)
		}
	}
	for i := range random.IntN(4) {
		given = append(given, fmt.Sprintf("Novel%d", i))
	}
	random.Shuffle(len(given), func(i, j int) { given[i], given[j] = given[j], given[i] })
	for _, name := range given {
		p := cmdlet.Parameter{Name: name, Type: types[random.IntN(len(types))], Position: random.IntN(4) - 1}
		p.Kind = cmdlet.KindOf(p.Type)
		switch random.IntN(6) {
		case 0:
			p.Choices = []string{"One", "Two"}
		case 1:
			p.Aliases = []string{name + "Alias"}
		case 2:
			p.Mandatory = true
		}
		if withSets {
			p.Sets = [][]string{{"Own"}, {"Own", "Other"}, {"__AllParameterSets"}}[random.IntN(3)]
		}
		c.Parameters = append(c.Parameters, p)
	}
	return c
}

// TestLaidOverMetadata is a form as real metadata gives it: names and types alone.
func TestLaidOverMetadata(t *testing.T) {
	server := cmdlet.Cmdlet{Name: "New-TransportRule", Parameters: []cmdlet.Parameter{
		{Name: "Mode", Type: "Microsoft.Exchange.MessagingPolicies.Rules.RuleMode", Position: -1},
		{Name: "Name", Type: "System.String", Position: -1},
		{Name: "Novel", Type: "System.String", Position: -1},
	}}
	laid := reference.New().Lay(server)
	mode, name, novel := laid.Parameters[0], laid.Parameters[1], laid.Parameters[2]
	if mode.Kind != cmdlet.Choice || !slices.Contains(mode.Choices.Values, "AuditAndNotify") || !mode.Choices.Open {
		t.Errorf("Mode: %+v", mode)
	}
	if !name.Sets.Always || name.Kind != cmdlet.Text {
		t.Errorf("Name: %+v", name)
	}
	if novel.Kind != cmdlet.Text || novel.Rank <= name.Rank {
		t.Errorf("Novel: %+v", novel)
	}
}

func TestLayLeavesTheReferenceAlone(t *testing.T) {
	r := reference.New()
	server := cmdlet.Cmdlet{Name: "Get-MoveRequest", Parameters: []cmdlet.Parameter{{Name: "MoveStatus", Aliases: []string{"State"}, Position: -1}}}
	r.Lay(server)
	c, _ := r.Cmdlet("Get-MoveRequest")
	if p, _ := c.Parameter("Status"); !slices.Equal(p.Aliases, []string{"MoveStatus"}) {
		t.Errorf("aliases are now %v", p.Aliases)
	}
}
