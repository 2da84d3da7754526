package assets

import _ "embed" // for the catalogue below

// Reference is what is known of cmdlets without a server, as text. The .txt files are made
// by tools/catalogue, which says what their lines mean; the .tsv files are written by people.
type Reference struct {
	// Cmdlets has a cmdlet a line, sorted by name in lower case.
	Cmdlets string
	// Choices are the lists of accepted values that Cmdlets names.
	Choices string
	// Filters has what -Filter and -RecipientFilter may ask for.
	Filters string
	// Properties has what a cmdlet's rows hold.
	Properties string
	// Columns has what a cmdlet's rows begin with.
	Columns string
	// Words has what people type, and the cmdlets and reports that they mean.
	Words string
	// Synopses says what a cmdlet does, Parameters what a parameter is for; English, German.
	Synopses, Parameters string
}

//go:embed reference/cmdlets.txt
var referenceCmdlets string

//go:embed reference/choices.txt
var referenceChoices string

//go:embed reference/filters.txt
var referenceFilters string

//go:embed reference/properties.txt
var referenceProperties string

//go:embed reference/columns.txt
var referenceColumns string

//go:embed reference/words.txt
var referenceWords string

//go:embed reference/synopses.tsv
var referenceSynopses string

//go:embed reference/parameters.tsv
var referenceParameters string

// CmdletReference returns the catalogue of cmdlets, for session/reference. Nothing is
// copied: the texts lie in the program.
func CmdletReference() Reference {
	return Reference{
		Cmdlets: referenceCmdlets, Choices: referenceChoices, Filters: referenceFilters,
		Properties: referenceProperties, Columns: referenceColumns, Words: referenceWords,
		Synopses: referenceSynopses, Parameters: referenceParameters,
	}
}
