package reference

import (
	"strings"
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
	return sentence(cmdletName)
}

// Help says in a sentence what a parameter is for. What is said of the cmdlet's parameter
// goes before what is said of that of its noun, and this before what is said of the
// parameter wherever it is; for others the words of its name stand.
func (r *Reference) Help(cmdletName, parameter string) Text {
	cmdletName = bare(cmdletName)
	_, noun, _ := strings.Cut(cmdletName, "-")
	for _, key := range []string{cmdletName + " -" + parameter, noun + " -" + parameter, parameter} {
		if _, rest, found := find(r.text.Parameters, key); found {
			return parseText(rest)
		}
	}
	if c, known := r.Cmdlet(cmdletName); known {
		if p, found := c.Parameter(parameter); found && p.Hidden {
			return Text{
				English: "Out of use, or for Microsoft itself; leave it empty.",
				German:  "Veraltet oder für Microsoft selbst; leer lassen.",
			}
		}
	}
	return Text{English: upperFirst(strings.Join(nameWords(parameter), " ")) + ".", German: upperFirst(germanName(parameter)) + "."}
}

// Described tells whether people wrote a synopsis of the cmdlet: it is one of those that
// administrators of mail meet most.
func (r *Reference) Described(cmdletName string) bool {
	_, _, found := find(r.text.Synopses, bare(cmdletName))
	return found
}
