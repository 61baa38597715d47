using System.Diagnostics;
using SweepCluster.Formats.CoreMl;
using SweepCluster.Formats.CoreMl.Packages;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Testing;

namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>Files of a package that are no plain files: nothing waits for them, nothing follows them.</summary>
public sealed class StrangeFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Data/com.apple.CoreML/model.mlmodel", "a Core ML model")]
    [InlineData("Data/com.apple.CoreML/weights/weight.bin", "a weight file")]
    [InlineData("Data/com.apple.CoreML/weights/other.bin", "a file of the package")]
    [InlineData("Manifest.json", "a package's manifest")]
    public void Read_Pipe_IsRefusedAtOnce(string file, string role)
    {
        string package = Package(), path = Path.Combine(package, file);
        File.Delete(path);
        MakePipe(path);

        Assert.Equal($"{path}: found a pipe or device, expected {role}.", FaultOf(() => new CoreMlFormat().Read(package)));
    }

    [Fact]
    public void Recognizes_Pipe_SaysNoAtOnce()
    {
        MakePipe(_folder.At("pipe"));

        Assert.False(new CoreMlFormat().Recognizes(_folder.At("pipe")));
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/null")]
    public void Open_Device_IsRefused(string device) => Assert.Equal($"{device}: found a pipe or device, expected a file.", FaultOf(() => PackageFile.Open(device, "a file")));

    [Fact]
    public void Open_LinkThatNobodyCheckedBefore_IsNotFollowed()
    {
        File.WriteAllText(_folder.At("secret"), "text");
        File.CreateSymbolicLink(_folder.At("link"), _folder.At("secret"));

        Assert.Equal($"{_folder.At("link")}: found a symbolic link, expected a file.", FaultOf(() => PackageFile.Open(_folder.At("link"), "a file")));
    }

    [Fact]
    public void Open_FolderAndNothing_AreRefused()
    {
        Assert.Equal($"{_folder.Path}: found a folder, expected a file.", FaultOf(() => PackageFile.Open(_folder.Path, "a file")));
        Assert.Equal($"{_folder.At("none")}: found nothing, expected a file.", FaultOf(() => PackageFile.Open(_folder.At("none"), "a file")));
    }

    private static string FaultOf(Action action) => Assert.Throws<BadInputException>(action).Message;

    private static void MakePipe(string path)
    {
        using Process process = Process.Start("mkfifo", [path]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private string Package()
    {
        PackageBuilder builder = new();
        Value weight = builder.Stored(PackageBuilder.Floats(1, 4, 4, 1, 1));
        return builder.Add(PackageBuilder.Const("w", weight), PackageBuilder.Op("conv", "y", ("x", "x"), ("weight", "w"))).Returns("y").Write(_folder.At("model.mlpackage"));
    }
}
