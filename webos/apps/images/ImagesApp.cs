using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Apps.Tasks;
using VSan.WebOs.Apps.Units;
using VSan.WebOs.Parts;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.Images;

/// <summary>Versions of the appliance's image, which unit runs which, and the way from one to the next.</summary>
/// <param name="services">The station.</param>
/// <param name="dropFile">Removes the kept file with a digest.</param>
/// <param name="time">The clock of the pages.</param>
internal sealed class ImagesApp(StationServices services, Action<string> dropFile, TimeProvider time)
{
    private static readonly ListQuery s_all = new(Limit: 500);

    /// <summary>Maps its addresses.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/app/images", Gate.SignedIn((context, caller) => ShowAsync(context, caller, Outcome.None)));
        routes.MapPost("/app/images/update", Gate.SignedIn(UpdateUnitAsync));
        routes.MapGet("/app/images/{id}/delete", Gate.SignedIn((context, caller) => ShowDeleteAsync(context, caller, Outcome.None)));
        routes.MapPost("/app/images/{id}/delete", Gate.SignedIn(DeleteAsync));
    }

    private async Task ShowAsync(HttpContext context, Caller caller, Outcome outcome)
    {
        ImagePage images = await services.Images.ListAsync(caller, s_all, context.RequestAborted);
        UnitPage units = await services.Units.ListAsync(caller, s_all, context.RequestAborted);
        await AppPage.SendAsync(context, caller, App.Images, "Images & boot", ImagePages.List(images.Items, UnitOrder.ByName(units.Items), caller, outcome, time.GetUtcNow()), outcome);
    }

    private Task UpdateUnitAsync(HttpContext context, Caller caller) => AppPage.SubmitAsync(
        context, ImagePages.UpdateId,
        values => (Unit: values.Choice("unit", "/unit") ?? values.Unreadable<Guid>("/unit", "Choose a unit."), Request: new UnitUpdateRequest(values.Text("version"))),
        async (wanted, _) => TasksApp.PathOf((await services.Updates.UpdateAsync(caller, wanted.Unit, wanted.Request, context.RequestAborted)).Id),
        outcome => ShowAsync(context, caller, outcome));

    private async Task ShowDeleteAsync(HttpContext context, Caller caller, Outcome outcome)
    {
        Image image = await services.Images.GetAsync(caller, ListRequest.Id(context), context.RequestAborted);
        await AppPage.SendAsync(context, caller, App.Images, "Remove image", [ImagePages.Delete(image)], outcome);
    }

    private Task DeleteAsync(HttpContext context, Caller caller) => AppPage.PressAsync(
        context,
        async () =>
        {
            if (await services.Images.RemoveAsync(caller, ListRequest.Id(context), context.RequestAborted) is { } removed) dropFile(removed.Digest);
            return App.Images.Path;
        },
        outcome => ShowDeleteAsync(context, caller, outcome));
}
