using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using VSan.Contracts.Enrolment;
using VSan.Contracts.UnitLink;
using VSan.UnitAgent.Enrolment;

namespace VSan.UnitAgent.Updating;

/// <summary>Fetches an image's file from the station, with this unit's certificate, and goes on where it was cut off.</summary>
internal sealed class ImageDownload(Enroller enroller, MemberIdentity identity) : IImageSource
{
    // A station that sends nothing for so long is gone.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const int ChunkBytes = 128 * 1024;

    /// <inheritdoc/>
    public async Task FetchAsync(ImageSpec spec, string path, Action<long> onProgress, CancellationToken cancellationToken)
    {
        Admission admission = enroller.Admission ?? throw new IOException("This unit is not admitted.");
        using HttpClient http = Client(admission);
        await using FileStream file = new(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        if (file.Length > spec.SizeBytes) file.SetLength(0);
        if (file.Length < spec.SizeBytes)
        {
            try
            {
                await FetchAsync(http, spec, file, onProgress, cancellationToken);
            }
            catch (Exception failure) when (failure is HttpRequestException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                throw new IOException($"The station does not send the image: {failure.Message}", failure);
            }
        }

        file.Flush(flushToDisk: true);
        onProgress(file.Length);
    }

    private async Task FetchAsync(HttpClient http, ImageSpec spec, FileStream file, Action<long> onProgress, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(enroller.Station, $"/link/v1/images/{spec.Digest}"));
        if (file.Length > 0) request.Headers.Range = new RangeHeaderValue(file.Length, null);
        using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        if (!response.IsSuccessStatusCode) throw new IOException($"The station does not send the image: it answered {(int)response.StatusCode}. Add the image there again.");
        if (response.StatusCode != HttpStatusCode.PartialContent) file.SetLength(0);
        file.Position = file.Length;
        await using Stream content = await response.Content.ReadAsStreamAsync(patience.Token);
        byte[] chunk = new byte[ChunkBytes];
        for (int read; (read = await content.ReadAsync(chunk, patience.Token)) > 0;)
        {
            patience.CancelAfter(Patience);
            if (file.Length + read > spec.SizeBytes) throw new IOException($"The station sends more than the {spec.SizeBytes} bytes that it spoke of.");
            await file.WriteAsync(chunk.AsMemory(0, read), patience.Token);
            onProgress(file.Position);
        }

        if (file.Length != spec.SizeBytes) throw new IOException($"The station's connection ended after {file.Length} of {spec.SizeBytes} bytes.");
    }

    private HttpClient Client(Admission admission) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ConnectTimeout = Patience,
        SslOptions = new SslClientAuthenticationOptions
        {
            ClientCertificateContext = SslStreamCertificateContext.Create(identity.WithKey(admission.Certificate), additionalCertificates: null, offline: true),
            CertificateChainPolicy = PinnedAuthority.Policy(X509Certificate2.CreateFromPem(admission.CaCertificate)),
        },
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
