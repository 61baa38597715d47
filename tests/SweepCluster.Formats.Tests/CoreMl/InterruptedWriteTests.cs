using SweepCluster.Formats.CoreMl;
using SweepCluster.Formats.Files;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;

namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>What a write that did not end leaves, and what the next one makes of it.</summary>
public sealed class InterruptedWriteTests : IDisposable
{
    private static readonly Dictionary<string, CompressedWeight> s_nothing = [];
    private readonly TemporaryFolder _folder = new();
    private readonly CoreMlFormat _format = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_AfterOneThatWasKilled_RemovesWhatThatLeft()
    {
        Graph graph = Sample();
        string left = Directory.CreateDirectory(_folder.At($".out.mlpackage.{new string('a', 32)}.writing")).FullName;
        File.WriteAllText(Path.Combine(left, "weight.bin"), "half");
        File.WriteAllText(_folder.At($".out.mlpackage.{new string('b', 32)}.writing"), "half of a file");

        Write(graph, "out.mlpackage");

        Assert.Equal(["model.mlpackage", "out.mlpackage"], Names());
    }

    [Theory]
    [InlineData(".other.mlpackage.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.writing")] // another target's
    [InlineData(".out.mlpackage.mine.writing")] // named by somebody else
    [InlineData(".out.mlpackage.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.written")]
    [InlineData("out.mlpackage.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.writing")]
    public void Write_BesideWhatIsNotItsOwn_LeavesIt(string name)
    {
        Graph graph = Sample();
        Directory.CreateDirectory(_folder.At(name));

        Write(graph, "out.mlpackage");

        Assert.Contains(name, Names());
    }

    [Fact]
    public void Write_WhileAnotherWritesToTheSameTarget_LeavesThatAlone()
    {
        Graph graph = Sample();
        using (TemporarySibling folder = TemporarySibling.CreateFolder(_folder.At("out.mlpackage")))
        using (TemporarySibling file = TemporarySibling.CreateFile(_folder.At("out.mlpackage")))
        {
            Write(graph, "out.mlpackage");

            Assert.True(Directory.Exists(folder.Path));
            Assert.True(File.Exists(file.Path));
            string full = folder.Failed(new IOException($"No space left on device : '{Path.Combine(folder.Path, "Data", "weight.bin")}'")).Message;
            Assert.Equal($"{_folder.At("out.mlpackage")}: writing failed (No space left on device : '{_folder.At("out.mlpackage", "Data", "weight.bin")}').", full);
            IOException second = Assert.ThrowsAny<IOException>(folder.MoveToTarget);
            Assert.Equal($"{_folder.At("out.mlpackage")}: writing failed ({second.Message.Replace(folder.Path, _folder.At("out.mlpackage"), StringComparison.Ordinal).TrimEnd('.')}).", folder.Failed(second).Message);
        }

        Assert.Equal(["model.mlpackage", "out.mlpackage"], Names());
    }

    [Fact]
    public void Write_Stopped_LeavesNothing()
    {
        Graph graph = Sample();
        using CancellationTokenSource stop = new();
        stop.Cancel();

        Assert.Throws<OperationCanceledException>(() => _format.Write(graph, s_nothing, _format.ResolveTarget(graph, null), _folder.At("out.mlpackage"), stop.Token));

        Assert.Equal(["model.mlpackage"], Names());
    }

    [Fact]
    public void For_WhatAKilledWriteLeft_IsNoModel()
    {
        Write(Sample(), "out.mlpackage");
        string left = _folder.At($".out.mlpackage.{new string('a', 32)}.writing");
        Directory.Move(_folder.At("out.mlpackage"), left);

        Assert.Equal(
            $"{left}: found what a write that did not end has left, expected a model. The next write to its target removes it.",
            Assert.Throws<BadInputException>(() => ModelFormats.For(left)).Message);
    }

    private void Write(Graph graph, string name) => _format.Write(graph, s_nothing, _format.ResolveTarget(graph, null), _folder.At(name));

    private IEnumerable<string> Names() => Directory.EnumerateFileSystemEntries(_folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    private Graph Sample()
    {
        PackageBuilder builder = new();
        builder.Add(PackageBuilder.Const("w", builder.Stored(PackageBuilder.Floats(1, 4, 4, 1, 1))), PackageBuilder.Op("conv", "y", ("x", "x"), ("weight", "w"))).Returns("y");
        return _format.Read(builder.Write(_folder.At("model.mlpackage")));
    }
}
