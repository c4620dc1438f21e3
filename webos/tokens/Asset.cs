using System.Buffers.Text;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace VSan.WebOs.Shell;

/// <summary>A file that is part of the program, named by its content: a browser may keep it for ever, and a new version has a new name.</summary>
public sealed class Asset
{
    private readonly byte[] _plain;
    private readonly byte[] _brotli;
    private readonly string _contentType;

    private Asset(string resource, string extension, string contentType)
    {
        using Stream stream = typeof(Asset).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The resource {resource} is not in the program.");
        using MemoryStream plain = new();
        stream.CopyTo(plain);
        _plain = plain.ToArray();
        using MemoryStream compressed = new();
        using (BrotliStream brotli = new(compressed, CompressionLevel.SmallestSize)) brotli.Write(_plain);
        _brotli = compressed.ToArray();
        _contentType = contentType;
        // 72 bits: enough to tell any two versions apart, short enough to read.
        Path = "/assets/" + Base64Url.EncodeToString(SHA256.HashData(_plain).AsSpan(0, 9)) + extension;
    }

    /// <summary>The one style sheet.</summary>
    public static Asset StyleSheet { get; } = new("vsan.css", ".css", "text/css; charset=utf-8");

    /// <summary>The shell: the desktop's one script.</summary>
    public static Asset Shell { get; } = new("shell.js", ".js", "text/javascript; charset=utf-8");

    /// <summary>The mark: a stack of three discs.</summary>
    public static Asset Mark { get; } = new("mark.svg", ".svg", "image/svg+xml");

    /// <summary>All files.</summary>
    public static IReadOnlyList<Asset> All { get; } = [StyleSheet, Shell, Mark];

    /// <summary>Where it is served.</summary>
    public string Path { get; }

    /// <summary>Answers a request for it, compressed if the browser can read that.</summary>
    public Task ServeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        bool brotli = context.Request.GetTypedHeaders().AcceptEncoding.Any(e => e.Value == "br" && e.Quality is null or > 0);
        byte[] body = brotli ? _brotli : _plain;
        HttpResponse response = context.Response;
        response.ContentType = _contentType;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        response.Headers.Vary = "Accept-Encoding";
        response.Headers.XContentTypeOptions = "nosniff";
        if (brotli) response.Headers.ContentEncoding = "br";
        return response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
