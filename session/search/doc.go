// Package search finds things by the words that people type: cmdlets, reports, tenants,
// actions, settings, whatever is entered. It looks at names, synonyms, sentences and
// details; a word may be cut short, stand within another or be misspelt by a letter, and
// small words (who, has, wer, hat) need not be there. It knows nothing of what it finds.
package search
