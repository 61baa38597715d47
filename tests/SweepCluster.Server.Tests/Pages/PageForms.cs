using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using SweepCluster.Server.Access;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Pages;

/// <summary>Sends a page's forms as a browser without script does.</summary>
internal static partial class PageForms
{
    /// <summary>A client that follows no redirect.</summary>
    internal static HttpClient Plain(Uri address)
    {
        HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        return client;
    }

    /// <summary>The token that a page's forms send.</summary>
    internal static string TokenOf(string page) => Token().Match(page).Groups[1].Value;

    /// <summary>A form of fields, with the token of a page.</summary>
    internal static FormUrlEncodedContent Fields(string token, params (string Name, string Value)[] fields) =>
        new([new(Visitor.FormField, token), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);

    /// <summary>The submit form.</summary>
    internal static MultipartFormDataContent Submit(string token, string spec, string button, params (string Name, string File, byte[] Content)[] files)
    {
        MultipartFormDataContent form = new()
        {
            { new StringContent(token), Visitor.FormField },
            { new StringContent(spec), "spec" },
            { new StringContent("0"), "priority" },
            { new StringContent(button), "do" },
        };
        foreach ((string name, string file, byte[] content) in files)
        {
            form.Add(new ByteArrayContent(content), name, file);
        }

        return form;
    }

    /// <summary>The sample model as a zip archive, as a desktop makes one.</summary>
    internal static byte[] ZippedModel()
    {
        string model = Path.Combine(SharedData.Samples, "resnet20", "ResNet20.mlpackage");
        using MemoryStream zip = new();
        using (ZipArchive archive = new(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (string file in Directory.EnumerateFiles(model, "*", SearchOption.AllDirectories))
            {
                archive.CreateEntryFromFile(file, "ResNet20.mlpackage/" + Path.GetRelativePath(model, file).Replace('\\', '/'));
            }

            using StreamWriter litter = new(archive.CreateEntry("__MACOSX/._ResNet20.mlpackage").Open());
            litter.Write("litter");
        }

        return zip.ToArray();
    }

    /// <summary>The sample data.</summary>
    internal static byte[] Data() => File.ReadAllBytes(Path.Combine(SharedData.Samples, "resnet20", "test-2000.npz"));

    [GeneratedRegex("name=\"form-token\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
