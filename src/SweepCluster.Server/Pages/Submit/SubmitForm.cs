using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using SweepCluster.Engine.Blobs;
using SweepCluster.Graphs;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Sessions;
using SweepCluster.Server.Api.Contracts;
using SweepCluster.Server.Api.Submissions;
using SweepCluster.Server.Feeds;

namespace SweepCluster.Server.Pages.Submit;

/// <summary>A form that is being read: fields are kept, files go into the store as they come, and none is ever in memory whole.</summary>
internal sealed class SubmitForm(IBlobStore blobs, ServerFolder folders)
{
    private const int MostSections = 100_000; // a folder of pictures sends each as a section
    private const int MostFieldBytes = 4 << 20; // of all fields together: a spec of the most characters, and small ones
    private const int MostFaults = 100;
    private const string Archive = ".zip", Package = ".mlpackage";

    // A field that the page does not have is not read, whatever sends it.
    private static readonly FrozenSet<string> s_known =
        FrozenSet.ToFrozenSet(["spec", "priority", "do", "model-from", "model-kept", "model-folder", "model-file", "data-from", "data-kept", "data-file", Visitor.FormField], StringComparer.Ordinal);

    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);
    private readonly ImmutableArray<FileResource>.Builder _folder = ImmutableArray.CreateBuilder<FileResource>();
    private long _folderBytes;
    private long _room = RequestFiles.MostBytes;
    private int _fieldRoom = MostFieldBytes;

    /// <summary>The model that was uploaded; null: none.</summary>
    internal FormFiles? Model { get; private set; }

    /// <summary>The data that was uploaded; null: none.</summary>
    internal FormFiles? Data { get; private set; }

    /// <summary>What was uploaded and cannot be used.</summary>
    internal List<FormFault> Faults { get; } = [];

    /// <summary>What a field holds; empty where there is none.</summary>
    internal string this[string name] => _fields.GetValueOrDefault(name, "");

    /// <summary>Reads the request's body.</summary>
    /// <exception cref="BadHttpRequestException">It is no form of this server's page, or ends early.</exception>
    internal async Task ReadAsync(HttpContext context)
    {
        string? boundary = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out MediaTypeHeaderValue? type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            ? HeaderUtilities.RemoveQuotes(type.Boundary).Value
            : null;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > 100)
        {
            throw new BadHttpRequestException("found another body, expected the form of the page", StatusCodes.Status415UnsupportedMediaType);
        }

        string expected = Visitor.Of(context).FormValue;
        bool isProven = FormTokens.Matches(expected, context.Request.Headers[Visitor.FormHeader]);
        MultipartReader reader = new(boundary, context.Request.Body) { HeadersCountLimit = 8, HeadersLengthLimit = 8 << 10 };
        try
        {
            int count = 0;
            while (await reader.ReadNextSectionAsync(context.RequestAborted) is { } section)
            {
                if (++count > MostSections || !ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out ContentDispositionHeaderValue? said))
                {
                    throw new BadHttpRequestException("found a body with too many sections, or one without a name");
                }

                string name = HeaderUtilities.RemoveQuotes(said.Name).Value ?? "";
                if (!s_known.Contains(name))
                {
                    throw new BadHttpRequestException("found a field that the form does not have");
                }

                isProven |= name == Visitor.FormField && FormTokens.Matches(expected, await FieldAsync(name, section.Body, context.RequestAborted));
                if (!isProven)
                {
                    // The token is the form's first field: nothing of a form without it is read.
                    throw new BadHttpRequestException("the form is not of a page of this session: load the page again and repeat");
                }

                if (said.IsFileDisposition())
                {
                    await FileAsync(name, HeaderUtilities.RemoveQuotes(said.FileNameStar.HasValue ? said.FileNameStar : said.FileName).Value ?? "", section.Body, context.RequestAborted);
                }
                else if (name != Visitor.FormField)
                {
                    await FieldAsync(name, section.Body, context.RequestAborted);
                }
            }
        }
        catch (Exception error) when (error is InvalidDataException || (error is IOException and not BadHttpRequestException && !context.RequestAborted.IsCancellationRequested))
        {
            throw new BadHttpRequestException("found a body that ends in the middle or is damaged", error);
        }

        TakeFolder();
    }

    private async Task<string> FieldAsync(string name, Stream body, CancellationToken cancellationToken)
    {
        using MemoryStream text = new();
        byte[] buffer = new byte[8192];
        for (int read; (read = await body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            text.Write(buffer, 0, read);
            if ((_fieldRoom -= read) < 0)
            {
                throw new BadHttpRequestException($"found fields of more than {MostFieldBytes} bytes", StatusCodes.Status413PayloadTooLarge);
            }
        }

        return _fields[name] = Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    private async Task FileAsync(string field, string name, Stream body, CancellationToken cancellationToken)
    {
        if (name.Length == 0 || Faults.Count == MostFaults)
        {
            return; // nothing was chosen, or enough is wrong already
        }

        try
        {
            switch (field)
            {
                case "model-folder" when !UploadNames.IsLitter(name):
                    (FileResource file, long bytes) = await Upload.FileAsync(UploadNames.Check("Model", name), body, blobs, folders, cancellationToken);
                    _folder.Add(file);
                    _folderBytes += bytes;
                    _room -= bytes;
                    break;
                case "model-file":
                    Model = await TakeAsync("Model", name, body, "model", Package, cancellationToken);
                    break;
                case "data-file":
                    Data = await TakeAsync("Labelled data", name, body, "data.path", "", cancellationToken);
                    break;
                default:
                    break;
            }
        }
        catch (BadInputException error)
        {
            Faults.Add(new FormFault(0, error.Message));
        }
    }

    // A zip archive has its list at the end, so it waits on disk; anything else goes straight into the store.
    private async Task<FormFiles> TakeAsync(string field, string path, Stream body, string key, string folderExtension, CancellationToken cancellationToken)
    {
        string name = path.Split('/', '\\')[^1];
        if (!name.EndsWith(Archive, StringComparison.OrdinalIgnoreCase))
        {
            (FileResource file, long length) = await Upload.FileAsync(UploadNames.Check(field, name), body, blobs, folders, cancellationToken);
            _room -= length;
            return new FormFiles(name, length, [StoredFiles.Setting(key, name)], [file]);
        }

        string folder = folders.New();
        try
        {
            await using FileStream spool = new(Path.Combine(folder, "upload.zip"), FileMode.CreateNew, FileAccess.ReadWrite);
            await body.CopyToAsync(spool, cancellationToken);
            spool.Position = 0;
            (string root, ImmutableArray<FileResource> files, long bytes) = await Upload.ArchiveAsync(field, name, spool, folderExtension, _room, blobs, folders, cancellationToken);
            _room -= bytes;
            return new FormFiles(root, bytes, [StoredFiles.Setting(key, root)], files);
        }
        finally
        {
            ServerFolder.Remove(folder);
        }
    }

    private void TakeFolder()
    {
        if (_folder.Count == 0)
        {
            return;
        }

        string root = _folder[0].Path.Split('/')[0];
        if (_folder.All(file => file.Path.StartsWith(root + "/", StringComparison.Ordinal)))
        {
            Model = new FormFiles(root, _folderBytes, [StoredFiles.Setting("model", root)], _folder.ToImmutable());
        }
        else
        {
            Faults.Add(new FormFault(0, "Model: found files of several folders, expected one .mlpackage."));
        }
    }
}
