package credential

import (
	"context"
	"fmt"
	"sync"
)

// Memory is a Store that lives as long as the process. It may be used from
// several goroutines.
type Memory struct {
	mu      sync.Mutex
	secrets map[string]Secret
}

// NewMemory returns an empty store.
func NewMemory() *Memory { return &Memory{secrets: map[string]Secret{}} }

// Get returns the secret under ref, or ErrNotFound.
func (m *Memory) Get(ctx context.Context, ref string) (Secret, error) {
	if err := ctx.Err(); err != nil {
		return Secret{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.secrets[ref]
	if !ok {
		return Secret{}, fmt.Errorf("get from memory: %w", ErrNotFound)
	}
	return s, nil
}

// Set stores s under ref.
func (m *Memory) Set(ctx context.Context, ref string, s Secret) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.secrets[ref] = s
	return nil
}

// Delete removes the secret under ref, or returns ErrNotFound.
func (m *Memory) Delete(ctx context.Context, ref string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.secrets[ref]; !ok {
		return fmt.Errorf("delete from memory: %w", ErrNotFound)
	}
	delete(m.secrets, ref)
	return nil
}

// DeleteAll removes every secret.
func (m *Memory) DeleteAll(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.secrets)
	return nil
}
