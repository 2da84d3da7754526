package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"postroom/app/folders"
	"postroom/session/credential"
)

// passwordLine reads the first line of standard input, once.
func passwordLine(in io.Reader) (credential.Secret, error) {
	line, err := bufio.NewReader(io.LimitReader(in, 64<<10)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return credential.Secret{}, fmt.Errorf("read the password from standard input: %w", err)
	}
	line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
	if line == "" {
		return credential.Secret{}, &usageError{what: "--password-stdin: standard input has no password in its first line"}
	}
	return credential.NewSecret(line), nil
}

// openVault opens the index of remembered accounts over the OS keyring.
func openVault() (*credential.Vault, error) {
	dir, err := folders.Config()
	if err != nil {
		return nil, err
	}
	vault, err := credential.OpenVault(dir, credential.NewKeyring(folders.ID))
	if err != nil {
		return nil, fmt.Errorf("open the list of accounts: %w", err)
	}
	return vault, nil
}

// remembered looks the password up in the keyring.
func remembered(ctx context.Context, account, server string) (credential.Secret, error) {
	vault, err := openVault()
	if err != nil {
		return credential.Secret{}, err
	}
	secret, err := vault.Lookup(ctx, account, server)
	if err != nil {
		return credential.Secret{}, fmt.Errorf("find the password of %s for %s: %w", account, server, err)
	}
	return secret, nil
}
