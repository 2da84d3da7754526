package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"postroom/session"
	"postroom/session/credential"
)

// Ask answers confirmations with yes when --yes was given, and else asks the
// person at the terminal, if there is one.
func (k *sink) Ask(ctx context.Context, p session.Prompt) (session.Answer, error) {
	if p.Kind == session.PromptChoice && k.yes {
		return session.Answer{Choices: []int{yesChoice(p)}}, nil
	}
	if !k.streams.Terminal {
		return session.Answer{}, session.ErrNoAnswer
	}
	switch p.Kind {
	case session.PromptChoice:
		return k.askChoice(ctx, p)
	case session.PromptFields:
		return k.askFields(ctx, p)
	case session.PromptCredential:
		return k.askCredential(ctx, p)
	case session.PromptLine:
		line, err := k.askLine(ctx, "")
		return session.Answer{Text: line}, err
	case session.PromptSecretLine:
		secret, err := k.askSecret(ctx, "Secret")
		return session.Answer{Credential: credential.Credential{Secret: secret}}, err
	case session.PromptMany:
	}
	return session.Answer{}, session.ErrNoAnswer
}

// yesChoice is Yes to All where it is offered, else Yes, else the default.
func yesChoice(p session.Prompt) int {
	yes := -1
	for i, c := range p.Choices {
		switch strings.ToLower(strings.ReplaceAll(c.Label, "&", "")) {
		case "yes to all":
			return i
		case "yes":
			yes = i
		}
	}
	switch {
	case yes >= 0:
		return yes
	case len(p.Default) > 0:
		return p.Default[0]
	}
	return 0
}

func (k *sink) askChoice(ctx context.Context, p session.Prompt) (session.Answer, error) {
	k.headline(p)
	for i, c := range p.Choices {
		fmt.Fprintf(k.err, "  %d  %s\n", i+1, strings.ReplaceAll(c.Label, "&", ""))
	}
	for {
		line, err := k.askLine(ctx, "Number")
		if err != nil {
			return session.Answer{}, err
		}
		n, err := strconv.Atoi(strings.TrimSpace(line))
		switch {
		case err == nil && n >= 1 && n <= len(p.Choices):
			return session.Answer{Choices: []int{n - 1}}, nil
		case strings.TrimSpace(line) == "" && len(p.Default) > 0:
			return session.Answer{Choices: p.Default[:1]}, nil
		}
	}
}

// askFields asks for one value after the other, secrets without showing them.
func (k *sink) askFields(ctx context.Context, p session.Prompt) (session.Answer, error) {
	k.headline(p)
	answer := session.Answer{Values: map[string]string{}, Secrets: map[string]credential.Secret{}}
	for _, f := range p.Fields {
		if f.Secret {
			secret, err := k.askSecret(ctx, f.Name)
			if err != nil {
				return session.Answer{}, err
			}
			answer.Secrets[f.Name] = secret
			continue
		}
		line, err := k.askLine(ctx, f.Name)
		if err != nil {
			return session.Answer{}, err
		}
		if line == "" {
			line = f.Default
		}
		answer.Values[f.Name] = line
	}
	return answer, nil
}

func (k *sink) askCredential(ctx context.Context, p session.Prompt) (session.Answer, error) {
	k.headline(p)
	user := p.User
	if user == "" {
		var err error
		if user, err = k.askLine(ctx, "User"); err != nil {
			return session.Answer{}, err
		}
	}
	secret, err := k.askSecret(ctx, "Password of "+user)
	return session.Answer{Credential: credential.Credential{User: user, Secret: secret}}, err
}

func (k *sink) headline(p session.Prompt) {
	for _, line := range []string{p.Caption, p.Message} {
		if line != "" {
			fmt.Fprintln(k.err, line)
		}
	}
}

func (k *sink) askLine(ctx context.Context, name string) (string, error) {
	if name != "" {
		fmt.Fprintf(k.err, "%s: ", name)
	}
	line, err := k.streams.line(ctx)
	if err != nil {
		return "", unanswered(ctx, err)
	}
	return line, nil
}

func (k *sink) askSecret(ctx context.Context, name string) (credential.Secret, error) {
	if k.streams.Secret == nil {
		return credential.Secret{}, session.ErrNoAnswer
	}
	fmt.Fprintf(k.err, "%s: ", name)
	line, err := k.streams.Secret(ctx)
	fmt.Fprintln(k.err) // the person's own was not shown
	if err != nil {
		return credential.Secret{}, unanswered(ctx, err)
	}
	return credential.NewSecret(line), nil
}

// unanswered is a question whose answer could not be read; the server is told
// that there is none, unless the run ends anyway.
func unanswered(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return fmt.Errorf("%w: %w", session.ErrNoAnswer, err)
}
