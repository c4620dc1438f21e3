using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Net.Http.Headers;
using VSan.Station.Execution;
using VSan.Station.Images;

namespace VSan.Station.Link;

/// <summary><c>GET /link/v1/images/{digest}</c>: an image's file, for units of the pool by their certificates. <c>Range: bytes=N-</c> goes on at byte N.</summary>
internal sealed class ImageDownloads(ImageFiles files, UnitService units)
{
    private const string RangeUnit = "bytes=";

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/link/v1/images/{digest}", SendAsync);

    private async Task SendAsync(HttpContext context)
    {
        if (context.Connection.ClientCertificate is not { } certificate || !await IsUnitAsync(certificate, context.RequestAborted))
            throw new ProblemException("forbidden", "Images are sent to units of the pool only.", "Download it from where the release is.");
        string digest = (string)context.Request.RouteValues["digest"]!;
        string path = files.Find(digest) ?? throw new ProblemException("not-found", $"The file of image {digest} is not here.", "Add it to the station again.");
        long length = new FileInfo(path).Length, from = From(context.Request, length);
        HttpResponse response = context.Response;
        response.ContentType = "application/octet-stream";
        response.ContentLength = length - from;
        if (from > 0)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = new ContentRangeHeaderValue(from, length - 1, length).ToString();
        }

        await response.SendFileAsync(path, from, length - from, context.RequestAborted);
    }

    private async Task<bool> IsUnitAsync(X509Certificate2 certificate, CancellationToken cancellationToken) =>
        MemberName.TryReadUnit(certificate, out Guid unitId) && await units.IsAdmittedAsync(unitId, cancellationToken);

    // Any other range is answered with the whole, as RFC 9110, 14.2 allows.
    private static long From(HttpRequest request, long length)
    {
        string range = request.Headers.Range.ToString();
        return range.StartsWith(RangeUnit, StringComparison.Ordinal) && range.EndsWith('-')
            && long.TryParse(range[RangeUnit.Length..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long from) && from < length ? from : 0;
    }
}
