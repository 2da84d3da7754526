package exorest

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"postroom/session/cmdlet"
)

func moduleFrom(t *testing.T, text, exported string) *module {
	t.Helper()
	b, err := json.Marshal(map[string]any{"value": []any{
		map[string]any{"fileName": "ExchangeOnline.psm1", "fileContent": text},
		map[string]any{"fileName": "ExchangeOnline.psd1", "fileContent": "function script:Get-Nothing\n{ param() }"},
		map[string]any{"exportedCmdlets": exported},
	}})
	if err != nil {
		t.Fatal(err)
	}
	m, err := readModule(strings.NewReader(string(b)))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The functions of a module are found at the beginning of a line, whatever stands in texts,
// here-strings and comments; what is not known of a parameter makes it one of text; a
// function that cannot be read to its end takes none of the others with it.
func TestFunctionsOfAModule(t *testing.T) {
	m := moduleFrom(t, `
# function script:Get-Comment { }
function script:Get-First
{
    # )}] <- in a comment
    [CmdletBinding(DefaultParameterSetName='Default', SupportsShouldProcess=$false)]
    param(
        [Parameter(ParameterSetName='Default', Position=0, ValueFromPipeline=$true)]
        [Parameter(ParameterSetName='Other', Mandatory=$true)]
        [ValidateNotNullOrEmpty()]
        [string]
        ${Identity} = "a) } `+"`"+`" b $(1)",

        [switch] ${Deep},
        [Some.Unknown.Type[]] ${Odd},
        [System.Object[]]
        ${Many},
        [int] $Plain,
        [uri] ${Link}, [cultureinfo] ${Tongue}, [pscredential] ${Who}, [SecureString] ${Word}
    )
    process {
        $text = @'
function script:Get-InText { } ' " )
'@
        $other = @"
} " $( } )
"@
    }
}

function script:Set-Broken
{
    [CmdletBinding(SupportsShouldProcess=$true, ConfirmImpact='High')]
    param(
        [System.Object] ${Identity}
    )
    process { "never closed
function script:Remove-Last {
    [CmdletBinding(SupportsShouldProcess)]
    param()
}
function script:Get-Bare
{
}
`, "Get-First, Set-Broken,Remove-Last,Get-Bare,Get-NotInText")
	if want := []string{"Get-Bare", "Get-First", "Get-NotInText", "Remove-Last", "Set-Broken"}; !slices.Equal(m.names, want) {
		t.Errorf("names %q", m.names)
	}
	first, _ := m.find("get-first")
	kinds := map[string]cmdlet.Kind{
		"Identity": cmdlet.Text, "Deep": cmdlet.SwitchKind, "Many": cmdlet.List, "Plain": cmdlet.Number, "Link": cmdlet.Text, "Tongue": cmdlet.Text, "Who": cmdlet.Credential, "Word": cmdlet.SecretKind,
	}
	if len(first.Parameters) != len(kinds)+1 || first.DefaultSet != "Default" || first.asks || !slices.Equal(first.piped, []string{"Identity"}) {
		t.Errorf("%+v", first)
	}
	for name, kind := range kinds {
		if p, ok := first.Parameter(name); !ok || p.Kind != kind {
			t.Errorf("%s: %+v", name, p)
		}
	}
	identity, _ := first.Parameter("Identity")
	if !slices.Equal(identity.Sets, []string{"Default", "Other"}) || identity.Mandatory || identity.Position != 0 {
		t.Errorf("%+v", identity)
	}
	broken, found := m.find("Set-Broken")
	if _, has := broken.Parameter("Identity"); !found || !has || !broken.asks || !broken.high {
		t.Errorf("%+v", broken)
	}
	if last, found := m.find("Remove-Last"); !found || !last.asks || !last.high || len(last.Parameters) != 0 {
		t.Errorf("a function behind one that does not end: %v, %+v", found, last)
	}
	if bare, found := m.find("Get-Bare"); !found || bare.asks || len(bare.Parameters) != 0 {
		t.Errorf("%v, %+v", found, bare)
	}
	for _, none := range []string{"Get-Comment", "Get-InText", "Get-Nothing"} {
		if _, found := m.find(none); found {
			t.Errorf("%s is no function of the module", none)
		}
	}
	if list := m.list(); len(list) != 5 || list[2].Name != "Get-NotInText" {
		t.Errorf("%+v", list)
	}
}
