package cmdlet_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"postroom/session/cmdlet"
)

func parameter(name string, attributes ...cmdlet.Attribute) cmdlet.FunctionParameter {
	return cmdlet.FunctionParameter{Name: name, Attributes: attributes}
}

func typed(name string) cmdlet.Attribute { return cmdlet.Attribute{Name: name, IsType: true} }

// What a function declares is read as PowerShell reads it: letter case, blanks, comments,
// either kind of quotes, and what stands in texts.
func TestFunctionsAreReadAsPowerShellReadsThem(t *testing.T) {
	type named = map[string]string
	for name, c := range map[string]struct {
		body       string
		attributes []cmdlet.Attribute
		parameters []cmdlet.FunctionParameter
	}{
		"nothing":     {body: ""},
		"no block":    {body: "process { param($No) }"},
		"empty block": {body: "PARAM( )"},
		"arguments by name": {
			body:       "[CmdletBinding( DefaultParameterSetName = \"A,B\" , SupportsShouldProcess = $TRUE,PositionalBinding=$false)] param()",
			attributes: []cmdlet.Attribute{{Name: "CmdletBinding", Named: named{"defaultparametersetname": "A,B", "supportsshouldprocess": "true", "positionalbinding": "false"}}},
		},
		"a name is true": {
			body:       "[CmdletBinding(SupportsShouldProcess)]\n# and then\n[OutputType([string])] <# ) #> param()",
			attributes: []cmdlet.Attribute{{Name: "CmdletBinding", Named: named{"supportsshouldprocess": "true"}}, {Name: "OutputType", Values: []string{""}}},
		},
		"values": {
			body: "param([ValidateSet('a)', \"b`\"c\", 'it''s', ‘typo’, ErrorMessage='no, \"never\"')] [ValidateRange(1, [int]::MaxValue)] [Alias(('x' + 'y'), 'z')] [string] $One)",
			parameters: []cmdlet.FunctionParameter{parameter(
				"One",
				cmdlet.Attribute{Name: "ValidateSet", Values: []string{"a)", "b\"c", "it's", "typo"}, Named: named{"errormessage": `no, "never"`}},
				cmdlet.Attribute{Name: "ValidateRange", Values: []string{"1", ""}},
				cmdlet.Attribute{Name: "Alias", Values: []string{"", "z"}},
				typed("string"),
			)},
		},
		"names and types": {
			body: "param([System.Collections.Generic.Dictionary[string,int[]]]${Two Words}, $script:Plain,\n[int[]]$Three)",
			parameters: []cmdlet.FunctionParameter{
				parameter("Two Words", typed("System.Collections.Generic.Dictionary[string,int[]]")), parameter("script:Plain"), parameter("Three", typed("int[]")),
			},
		},
		"defaults are passed over": {
			body: "param($A = @('x', \"`\"), $B\"), $C = { [int] $no, ',' }, # $Nor, this\n$D = `, $E = @'\n'), $Nor\n'@, [bool]$F = $true)",
			parameters: []cmdlet.FunctionParameter{
				parameter("A"), parameter("C"), parameter("D"), parameter("F", typed("bool")),
			},
		},
		"a here-string": {
			body:       "param($A = @\"\n\", $No = ')\n\"@, [int]$B)",
			parameters: []cmdlet.FunctionParameter{parameter("A"), parameter("B", typed("int"))},
		},
	} {
		t.Run(name, func(t *testing.T) {
			text := "function script:Get-It {\n" + c.body + "\n}\nfunction script:Get-Next { param($Last) }"
			got := cmdlet.Functions(text)
			want := []cmdlet.Function{{Name: "Get-It", Attributes: c.attributes, Parameters: c.parameters}, {Name: "Get-Next", Parameters: []cmdlet.FunctionParameter{parameter("Last")}}}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s\ngot  %+v\nwant %+v", text, got, want)
			}
		})
	}
}

// What does not end takes no other function with it, wherever it breaks off.
func TestAFunctionThatBreaksOffTakesNoOtherWithIt(t *testing.T) {
	whole := "function script:Get-It {\n[CmdletBinding(DefaultParameterSetName='It''s')]\nparam([Parameter(Mandatory=$true)][string]${A} = @'\n)\n'@, <# b #> $B)\nprocess { \"x`\"\" }\n}"
	for end := range whole {
		found := cmdlet.Functions(whole[:end] + "\nfunction script:Get-Next { param($Last) }")
		if len(found) == 0 || found[len(found)-1].Name != "Get-Next" || len(found[len(found)-1].Parameters) != 1 {
			t.Errorf("%q: %+v", whole[:end], found)
		}
	}
}

// BenchmarkFunctions reads a module as large as that of somebody with all roles.
func BenchmarkFunctions(b *testing.B) {
	var text strings.Builder
	for i := range 800 {
		fmt.Fprintf(&text, "\nfunction script:Set-Thing%d\n{\n    [CmdletBinding(DefaultParameterSetName='Identity', SupportsShouldProcess=$true, ConfirmImpact='Medium')]\n    param(\n", i)
		for p := range 40 {
			if p > 0 {
				text.WriteString(",\n\n")
			}
			fmt.Fprintf(&text, "        [Parameter(ParameterSetName='Identity', Position=%d, ValueFromPipelineByPropertyName=$true)]\n        [System.Object]\n        ${Parameter%d}", p, p)
		}
		text.WriteString("\n    )\n    begin { }\n    process {\n" + strings.Repeat("        $steppable = $wrapped.GetSteppablePipeline(\"$name\", 'Continue') # forwarded\n", 20) + "    }\n}\n")
	}
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if found := cmdlet.Functions(text.String()); len(found) != 800 || len(found[0].Parameters) != 40 {
			b.Fatal(len(found))
		}
	}
}
