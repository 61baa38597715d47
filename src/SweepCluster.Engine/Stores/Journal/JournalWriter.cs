using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace SweepCluster.Engine.Stores.Journal;

/// <summary>Appends records with group commit: what arrives while one flush runs goes to disk with the next, one write and one flush for all.</summary>
internal sealed class JournalWriter : IDisposable
{
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _arrived = new(initialState: false);
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly Thread _thread;
    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 16);
    private List<byte[]> _pending = [];
    private List<byte[]> _writing = [];
    private TaskCompletionSource _batch = NewBatch();
    private readonly Action _committed;
    private StoreUnavailableException? _failure;
    private long _length;
    private long _end; // where the record goes that comes next, when everything before it is written
    private bool _stopping;

    /// <summary>A writer that goes on at the end of a journal's sound part.</summary>
    /// <param name="path">The journal, for messages.</param>
    /// <param name="file">Open for writing; the writer closes it.</param>
    /// <param name="length">Where the next record goes; everything before is on disk.</param>
    /// <param name="committed">Told after each flush: before its records are acknowledged, and after.</param>
    internal JournalWriter(string path, SafeFileHandle file, long length, Action committed)
    {
        _path = path;
        _file = file;
        _length = length;
        _end = length;
        _committed = committed;
        _thread = new Thread(Run) { IsBackground = true, Name = "journal" };
        _thread.Start();
    }

    /// <summary>Appends one record. Records go to disk in the order of the calls.</summary>
    /// <param name="payload">The record's payload.</param>
    /// <param name="position">Where its first byte will lie in the file.</param>
    /// <returns>Completes when it is on disk; fails with <see cref="StoreUnavailableException"/> where it could not be written.</returns>
    internal Task AppendAsync(byte[] payload, out long position)
    {
        if (payload.Length > JournalFormat.LargestPayload)
        {
            throw new ArgumentException($"A record of {payload.Length} bytes, expected at most {JournalFormat.LargestPayload}.", nameof(payload));
        }

        lock (_gate)
        {
            position = _end + JournalFormat.RecordHeaderLength;
            if (_failure is not null)
            {
                return Task.FromException(_failure);
            }

            ObjectDisposedException.ThrowIf(_stopping, this);
            _end = position + payload.Length;
            _pending.Add(payload);
            _arrived.Set();
            return _batch.Task;
        }
    }

    /// <summary>Writes what is waiting, then closes the file.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopping)
            {
                return;
            }

            _stopping = true;
        }

        _arrived.Set();
        _thread.Join();
        _file.Dispose();
        _arrived.Dispose();
    }

    private static TaskCompletionSource NewBatch() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Run()
    {
        while (true)
        {
            _arrived.WaitOne();
            TaskCompletionSource batch;
            bool stopping;
            lock (_gate)
            {
                (_pending, _writing) = (_writing, _pending);
                (batch, _batch) = (_batch, NewBatch());
                stopping = _stopping;
            }

            if (_writing.Count > 0)
            {
                Commit(batch);
                _writing.Clear();
            }

            if (stopping)
            {
                return;
            }
        }
    }

    private void Commit(TaskCompletionSource batch)
    {
        _buffer.ResetWrittenCount();
        foreach (byte[] payload in _writing)
        {
            Span<byte> record = _buffer.GetSpan(JournalFormat.RecordHeaderLength + payload.Length);
            JournalFormat.WriteRecordHeader(record, payload, _length);
            payload.CopyTo(record[JournalFormat.RecordHeaderLength..]);
            _buffer.Advance(JournalFormat.RecordHeaderLength + payload.Length);
        }

        try
        {
            RandomAccess.Write(_file, _buffer.WrittenSpan, _length);
            RandomAccess.FlushToDisk(_file);
            _length += _buffer.WrittenCount;
            _committed(); // so that whoever is acknowledged finds the change announced;
            batch.SetResult();
            _committed(); // and so that whoever was woken before, and found nothing on disk yet, looks again
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Fail(batch, error);
        }
    }

    /// <summary>After a write that failed nothing more is written: what follows would stand behind a gap. The unfinished part is cut now if it can be, else at the next opening.</summary>
    private void Fail(TaskCompletionSource batch, Exception error)
    {
        StoreUnavailableException failure = new($"{_path}: cannot be written ({error.Message.TrimEnd('.')}); everything recorded before is kept, resume when there is room.", error);
        try
        {
            RandomAccess.SetLength(_file, _length);
        }
        catch (IOException)
        {
            // Cut at the next opening.
        }

        TaskCompletionSource waiting;
        lock (_gate)
        {
            _failure = failure;
            _pending.Clear();
            waiting = _batch;
        }

        batch.SetException(failure);
        waiting.TrySetException(failure);
        _ = waiting.Task.Exception; // nobody may be waiting for it
    }
}
