package reference

import (
	"strings"

	"postroom/session/cmdlet"
)

// Text is a sentence in the languages of the program.
type Text struct{ English, German string }

// In gives the text in a language named as de, de-AT or de_DE.UTF-8; what is not German is
// English.
func (t Text) In(language string) string {
	if len(language) >= 2 && strings.EqualFold(language[:2], "de") {
		return t.German
	}
	return t.English
}

// parseText reads the cells behind a key.
func parseText(rest string) Text {
	english, german, _ := strings.Cut(rest, "\t")
	return Text{English: english, German: german}
}

// Synopsis says in a sentence what a cmdlet does: in words of ours where people wrote
// some, else in the words of its name.
func (r *Reference) Synopsis(cmdletName string) Text {
	cmdletName = bare(cmdletName)
	if _, rest, found := find(r.text.Synopses, cmdletName); found {
		return parseText(rest)
	}
	return sentence(cmdletName, wordsOfNoun)
}

// Help says in a sentence what a parameter is for. What is said of the cmdlet's parameter
// goes before what is said of that of its noun, and this before what is said of the
// parameter wherever it is; for others the words of its name stand.
func (r *Reference) Help(cmdletName, parameter string) Text {
	text, _ := r.ownHelp(bare(cmdletName), parameter)
	return text
}

// Explains lays what a server's Get-Help says over the words of the reference: it stands
// where people wrote no sentence of ours, for that is all that only the server knows.
func (r *Reference) Explains(cmdletName, parameter string, server cmdlet.Help) Text {
	text, own := r.ownHelp(bare(cmdletName), parameter)
	if said, found := server.Parameter(parameter); found && said.Text != "" && !own {
		return Text{English: said.Text, German: said.Text}
	}
	return text
}

// Summary is the synopsis, or the server's where people wrote none of ours.
func (r *Reference) Summary(cmdletName string, server cmdlet.Help) Text {
	if server.Synopsis != "" && !r.Described(cmdletName) {
		return Text{English: server.Synopsis, German: server.Synopsis}
	}
	return r.Synopsis(cmdletName)
}

// ownHelp tells too whether people wrote the sentence.
func (r *Reference) ownHelp(cmdletName, parameter string) (text Text, own bool) {
	_, noun, _ := strings.Cut(cmdletName, "-")
	for _, key := range []string{cmdletName + " -" + parameter, noun + " -" + parameter, parameter} {
		if _, rest, found := find(r.text.Parameters, key); found {
			return parseText(rest), true
		}
	}
	if c, known := r.Cmdlet(cmdletName); known {
		if p, found := c.Parameter(parameter); found && p.Hidden {
			return Text{
				English: "Out of use, or for Microsoft itself; leave it empty.",
				German:  "Veraltet oder für Microsoft selbst; leer lassen.",
			}, true
		}
	}
	return Text{English: upperFirst(strings.Join(nameWords(parameter), " ")) + ".", German: upperFirst(germanName(parameter)) + "."}, false
}

// Described tells whether people wrote a synopsis of the cmdlet: it is one of those that
// administrators of mail meet most.
func (r *Reference) Described(cmdletName string) bool {
	_, _, found := find(r.text.Synopses, bare(cmdletName))
	return found
}
