package session

import (
	"errors"

	"postroom/session/credential"
)

// ErrNoAnswer is what Sink.Ask returns when there is nobody to ask.
var ErrNoAnswer = errors.New("session: nobody is there to answer")

// PromptKind is what sort of answer a Prompt wants.
type PromptKind int

// The kinds of prompts.
const (
	PromptChoice     PromptKind = iota // one of Choices
	PromptMany                         // any of Choices
	PromptFields                       // a value for each of Fields
	PromptCredential                   // user name and password
	PromptLine                         // a line of text
	PromptSecretLine                   // a line that must not be shown
)

// Prompt is a question that the server asks in mid-run (MS-PSRP 2.2.3.17).
// Its texts are the server's.
type Prompt struct {
	Kind             PromptKind
	Caption, Message string
	Choices          []Choice
	// Default are the indexes into Choices that are taken when the user just
	// confirms; empty when there is none.
	Default []int
	Fields  []PromptField
	// User is the account suggested for PromptCredential.
	User string
}

// Choice is one answer to choose from.
type Choice struct {
	Label string // with & before the letter that stands for it, as the server wrote it
	Help  string
}

// PromptField is one value asked for.
type PromptField struct {
	Name, Label, Help, Type string
	Secret                  bool
	Mandatory               bool
	Default                 string
}

// Answer is the user's answer. Which field counts follows from the prompt's kind.
type Answer struct {
	// Choices are indexes into Prompt.Choices.
	Choices []int
	// Values are the fields' values by name; Secrets those that are secret.
	Values  map[string]string
	Secrets map[string]credential.Secret
	// Text is a PromptLine's.
	Text string
	// Credential is a PromptCredential's; its Secret also a PromptSecretLine's.
	Credential credential.Credential
}
