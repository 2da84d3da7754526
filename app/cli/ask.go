package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"postroom/session"
	"postroom/session/credential"
)

// Ask asks the person at the terminal. Where there is none the question is shown all
// the same: without it nobody would know what the command waited for.
func (f *face) Ask(ctx context.Context, target int, p session.Prompt) (session.Answer, error) {
	done, err := f.streams.asking(ctx)
	if err != nil {
		return session.Answer{}, unanswered(ctx, err)
	}
	defer done()
	f.headline(target, p)
	if !f.streams.Terminal {
		for _, field := range p.Fields {
			say(f.streams.Err, indent+"%s\n", field.Name)
		}
		if p.Kind == session.PromptChoice {
			say(f.streams.Err, indent+"Nobody is there to answer. --yes confirms everything.\n")
		}
		return session.Answer{}, session.ErrNoAnswer
	}
	switch p.Kind {
	case session.PromptChoice:
		return f.askChoice(ctx, p)
	case session.PromptFields:
		return f.askFields(ctx, p)
	case session.PromptCredential:
		return f.askCredential(ctx, p)
	case session.PromptLine:
		line, err := f.askLine(ctx, "")
		return session.Answer{Text: line}, err
	case session.PromptSecretLine:
		secret, err := f.askSecret(ctx, "Secret")
		return session.Answer{Credential: credential.Credential{Secret: secret}}, err
	case session.PromptMany:
	}
	return session.Answer{}, session.ErrNoAnswer
}

func (f *face) askChoice(ctx context.Context, p session.Prompt) (session.Answer, error) {
	for i, c := range p.Choices {
		say(f.streams.Err, indent+"%d  %s\n", i+1, c.Label)
	}
	for {
		line, err := f.askLine(ctx, "Number")
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
func (f *face) askFields(ctx context.Context, p session.Prompt) (session.Answer, error) {
	answer := session.Answer{Values: map[string]string{}, Secrets: map[string]credential.Secret{}}
	for _, field := range p.Fields {
		if field.Secret {
			secret, err := f.askSecret(ctx, field.Name)
			if err != nil {
				return session.Answer{}, err
			}
			answer.Secrets[field.Name] = secret
			continue
		}
		line, err := f.askLine(ctx, field.Name)
		if err != nil {
			return session.Answer{}, err
		}
		if line == "" {
			line = field.Default
		}
		answer.Values[field.Name] = line
	}
	return answer, nil
}

func (f *face) askCredential(ctx context.Context, p session.Prompt) (session.Answer, error) {
	user := p.User
	if user == "" {
		var err error
		if user, err = f.askLine(ctx, "User"); err != nil {
			return session.Answer{}, err
		}
	}
	secret, err := f.askSecret(ctx, "Password of "+user)
	return session.Answer{Credential: credential.Credential{User: user, Secret: secret}}, err
}

// headline says who asks: a server can write what looks like a question of ours.
func (f *face) headline(target int, p session.Prompt) {
	t := f.targets[target]
	who := t.Endpoint.Name
	if t.Tenant.Domain != "" {
		who += " (" + t.Tenant.Domain + ")"
	}
	wants := "asks"
	if wantsSecret(p) {
		wants = "asks for a password"
	}
	say(f.streams.Err, "postroom: the server %s %s:\n", who, wants)
	for _, line := range []string{p.Caption, p.Message} {
		if line != "" {
			say(f.streams.Err, indent+"%s\n", line)
		}
	}
}

// wantsSecret says that the answer would not be shown while it is typed.
func wantsSecret(p session.Prompt) bool {
	return p.Kind == session.PromptCredential || p.Kind == session.PromptSecretLine ||
		slices.ContainsFunc(p.Fields, func(f session.PromptField) bool { return f.Secret })
}

func (f *face) askLine(ctx context.Context, name string) (string, error) {
	if name != "" {
		say(f.streams.Err, indent+"%s: ", name)
	}
	line, err := f.streams.line(ctx)
	if err != nil {
		return "", unanswered(ctx, err)
	}
	return line, nil
}

func (f *face) askSecret(ctx context.Context, name string) (credential.Secret, error) {
	if f.streams.Hide == nil {
		return credential.Secret{}, session.ErrNoAnswer
	}
	line, err := f.streams.secret(ctx, fmt.Sprintf(indent+"%s: ", name))
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

// agree asks the person whether to keep what was shown; where nobody sits, --yes has to
// say it.
func (s Streams) agree(ctx context.Context, question string) (bool, error) {
	if !s.Terminal {
		return false, &usageError{what: "nobody is there to agree: --yes keeps them"}
	}
	done, err := s.asking(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	say(s.Err, "%s [y/N] ", question)
	answer, err := s.line(ctx)
	if err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes", "j", "ja":
		return true, nil
	}
	say(s.Err, "postroom: nothing was kept\n")
	return false, nil
}
