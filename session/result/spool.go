package result

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"postroom/session/atomicfile"
)

// spool keeps records until they are asked for: the first few megabytes in memory, more
// in a temporary file that nobody else can read.
type spool struct {
	dir    string
	memory []byte
	file   *os.File // nil while all is in memory
	out    *bufio.Writer
}

// spoolMemory is how much a spool keeps in memory, in bytes: most reports never touch
// the disk.
const spoolMemory = 4 << 20

// SpoolError means that rows could not wait on disk until all columns were known.
type SpoolError struct {
	Dir string // in which they wait
	Err error
}

// Error names the folder, not a file that nobody has seen.
func (e *SpoolError) Error() string {
	return fmt.Sprintf("keep rows in %s until all columns are known: %v", e.Dir, e.Err)
}

// Unwrap gives the cause.
func (e *SpoolError) Unwrap() error { return e.Err }

// add keeps a record. When it cannot, the room of those before it is given back at once:
// the list of open sessions may be on the same disk.
func (s *spool) add(record []byte) error {
	s.memory = binary.AppendUvarint(s.memory, uint64(len(record)))
	s.memory = append(s.memory, record...)
	if len(s.memory) < spoolMemory {
		return nil
	}
	if s.file == nil {
		file, err := atomicfile.Temporary(s.dir)
		if err != nil {
			return s.failed(err)
		}
		s.file, s.out = file, bufio.NewWriterSize(file, outputSize)
	}
	_, err := s.out.Write(s.memory)
	s.memory = s.memory[:0]
	if err != nil {
		return errors.Join(s.failed(err), s.close())
	}
	return nil
}

func (s *spool) failed(err error) error {
	dir := s.dir
	if dir == "" {
		dir = os.TempDir()
	}
	if path, is := errors.AsType[*fs.PathError](err); is {
		err = &fs.PathError{Op: path.Op, Path: dir, Err: path.Err}
	}
	return &SpoolError{Dir: dir, Err: err}
}

// each calls fn with every record, in a slice that is used again.
func (s *spool) each(fn func(record []byte) error) error {
	if s.file != nil {
		err := s.out.Flush()
		if err == nil {
			_, err = s.file.Seek(0, io.SeekStart)
		}
		if err != nil {
			return s.failed(err)
		}
		if err := eachRecord(bufio.NewReaderSize(s.file, outputSize), fn); err != nil {
			return err
		}
	}
	rest := s.memory
	for len(rest) > 0 {
		n, w := binary.Uvarint(rest)
		rest = rest[w:]
		if err := fn(rest[:n]); err != nil {
			return err
		}
		rest = rest[n:]
	}
	return nil
}

func eachRecord(r *bufio.Reader, fn func(record []byte) error) error {
	var record []byte
	for {
		n, err := binary.ReadUvarint(r)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read kept rows: %w", err)
		}
		if uint64(cap(record)) < n {
			record = make([]byte, n)
		}
		record = record[:n]
		if _, err := io.ReadFull(r, record); err != nil {
			return fmt.Errorf("read kept rows: %w", err)
		}
		if err := fn(record); err != nil {
			return err
		}
	}
}

// close forgets all, and leaves no file.
func (s *spool) close() error {
	s.memory = nil
	if s.file == nil {
		return nil
	}
	file := s.file
	s.file = nil
	return atomicfile.Drop(file)
}
