package assets

import "embed"

//go:embed translations/*.json
var translations embed.FS

// Translations returns the folder "translations": a JSON file for each
// language, from the English text to its translation.
func Translations() embed.FS { return translations }
