using VSan.Contracts.Api;
using VSan.Images;
using VSan.Station.Execution;
using VSan.Station.Images;

namespace VSan.Station.Rest;

/// <summary><c>/images</c>, and the update of units.</summary>
internal sealed class ImageEndpoints(ImageService images, UpdateService updates, OperationService operations, ImageFiles files)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/images", ListAsync).Needs("image.read");
        routes.MapGet("/images/{id:guid}", GetAsync).Needs("image.read");
        routes.MapPut("/images/{digest}", AddAsync).Needs("image.add").WithMetadata(new LargeBodyAttribute(ImageFile.SizeBytesMax));
        routes.MapDelete("/images/{id:guid}", RemoveAsync).Needs("image.remove");
        routes.MapPost("/units/{id:guid}:update", UpdateAsync).Needs("unit.update");
    }

    private async Task ListAsync(HttpContext context) =>
        await Reply.OkAsync(context, await images.ListAsync(context.Caller, context.ListQuery(), context.RequestAborted), ApiJson.Default.ImagePage);

    private async Task GetAsync(HttpContext context) =>
        await Reply.OkAsync(context, await images.GetAsync(context.Caller, context.RouteId, context.RequestAborted), ApiJson.Default.Image);

    private async Task AddAsync(HttpContext context)
    {
        string digest = context.RouteText("digest");
        if (!ImageFiles.IsDigest(digest)) throw RequestReader.AtFault("/digest", "must be a SHA-256 digest: 64 hexadecimal digits in lower case.");
        bool wasKept = files.Find(digest) is not null;
        ImageFile file = await files.ReceiveAsync(context.Request.Body, digest, context.RequestAborted);
        Image added;
        try
        {
            added = await images.AddAsync(context.Caller, file.Version.Text, file.Digest, file.SizeBytes, file.Signer, context.RequestAborted);
        }
        catch when (!wasKept)
        {
            files.Remove(digest);
            throw;
        }

        await Reply.CreatedAsync(context, $"{RestApi.Root}/images/{added.Id:D}", added, ApiJson.Default.Image);
    }

    private async Task RemoveAsync(HttpContext context)
    {
        if (await images.RemoveAsync(context.Caller, context.RouteId, context.RequestAborted) is { } removed) files.Remove(removed.Digest);
        await Reply.NoContent(context);
    }

    private async Task UpdateAsync(HttpContext context)
    {
        UnitUpdateRequest request = await context.BodyAsync(ApiJson.Default.UnitUpdateRequest);
        TimeSpan wait = context.Wait();
        Operation operation = await updates.UpdateAsync(context.Caller, context.RouteId, request, context.RequestAborted);
        await Reply.AcceptedAsync(context, await operations.FollowAsync(operation, wait, context.RequestAborted));
    }
}
