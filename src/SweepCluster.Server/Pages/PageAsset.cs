using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace SweepCluster.Server.Pages;

/// <summary>A file that pages need.</summary>
internal sealed class PageAsset
{
    private const int HashDigits = 16;

    /// <summary>A file.</summary>
    /// <param name="name">First part of its name.</param>
    /// <param name="extension">Its extension.</param>
    /// <param name="contentType">Its type.</param>
    /// <param name="text">Its content.</param>
    internal PageAsset(string name, string extension, string contentType, string text)
    {
        Content = Encoding.UTF8.GetBytes(text);
        ContentType = contentType;
        FileName = $"{name}.{Convert.ToHexStringLower(SHA256.HashData(Content))[..HashDigits]}.{extension}";
        using MemoryStream packed = new();
        using (BrotliStream brotli = new(packed, CompressionLevel.SmallestSize))
        {
            brotli.Write(Content);
        }

        Packed = packed.ToArray();
    }

    /// <summary>Its name.</summary>
    internal string FileName { get; }

    /// <summary>Where it is.</summary>
    internal string Path => $"{PagePaths.Assets}/{FileName}";

    /// <summary>Its type.</summary>
    internal string ContentType { get; }

    /// <summary>Its bytes.</summary>
    internal byte[] Content { get; }

    /// <summary>Its bytes, compressed by Brotli.</summary>
    internal byte[] Packed { get; }
}
