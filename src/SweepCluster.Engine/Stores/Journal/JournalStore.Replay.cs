using System.Text.Json;
using SweepCluster.Formats.Files;

namespace SweepCluster.Engine.Stores.Journal;

public sealed partial class JournalStore
{
    private JournalWriter Open(string folder, string path)
    {
        bool isNew = !File.Exists(path);
        long length = isNew ? 0 : JournalReader.Read(path, Replay);
        Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        try
        {
            if (length == 0)
            {
                RandomAccess.Write(file, JournalFormat.Header(), 0);
                length = JournalFormat.HeaderLength;
            }

            RandomAccess.SetLength(file, length);
            RandomAccess.FlushToDisk(file);
            Folders.Flush(folder);
            return new JournalWriter(path, file, length, _changes.Announce);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void Replay(ReadOnlySpan<byte> payload, long position)
    {
        JournalMark mark = JournalIndex.Read(payload, _replayed?.Sweep.Id);
        switch (mark.Entry)
        {
            case JournalMark.Added:
                SweepRecord sweep = mark.Sweep ?? throw new JsonException("no sweep");
                _replayed = new SweepLedger(sweep.Needs is null ? sweep with { Needs = SweepNeeds.None } : sweep, ++_lives, mark.Control ?? SweepControl.Default, TellOfFailure);
                _replayed.Append(payload, position, mark.Jobs, Task.CompletedTask);
                _sweeps.Add(sweep.Id, _replayed);
                break;
            case JournalMark.Appended:
                Replayed(mark.SweepId).Append(payload, position, mark.Jobs, Task.CompletedTask);
                break;
            case JournalMark.Result:
                SweepLedger ledger = Replayed(mark.SweepId);
                ledger.Record((int)mark.At, JournalSpan.Of(payload, position, mark.Text), mark.IsFailure, Task.CompletedTask);
                ledger.Append(payload, position, mark.Jobs, Task.CompletedTask);
                break;
            default:
                Replay(mark.Whole!);
                break;
        }
    }

    private void Replay(JournalEntry entry)
    {
        switch (entry)
        {
            case JournalEntry.SweepChanged changed:
                Ledger(changed.Sweep).Change(changed.Control);
                break;
            case JournalEntry.SweepRemoved removed:
                _sweeps.Remove(removed.Sweep);
                _replayed = null;
                break;
            case JournalEntry.EventHappened happened:
                if (happened is { Sweep: not null, Job: { } job, Reason: not null })
                {
                    Ledger(happened.Sweep).Recall(job, happened.Reason);
                }

                if (happened is { Kind: StoreEventKind.Submitted, Sweep: { } added } && _sweeps.TryGetValue(added, out SweepLedger? submitted))
                {
                    submitted.Added = happened.At;
                }

                _events.Add(happened, Task.CompletedTask);
                break;
        }
    }

    private SweepLedger Replayed(string sweepId) => _replayed?.Sweep.Id == sweepId ? _replayed : _replayed = Ledger(sweepId);
}
