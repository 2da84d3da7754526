// Package assets holds what the program carries with it: icons, translations
// and catalogues, embedded. It only gives the bytes; the rooms that use them
// read them. Nothing of ours is imported here.
package assets
