using Microsoft.AspNetCore.Http;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.Units;

/// <summary>The machines of the pool, and the approval of new ones.</summary>
internal sealed class UnitsApp(StationServices services, TimeProvider time)
{
    /// <summary>GET /app/units.</summary>
    public Task ShowAsync(HttpContext context, Caller caller) => SendAsync(context, caller, problem: null);

    /// <summary>POST /app/units/{id}/approve.</summary>
    public async Task ApproveAsync(HttpContext context, Caller caller)
    {
        Guid id = ListRequest.Id(context);
        try
        {
            await services.Units.ApproveAsync(caller, id, context.RequestAborted);
        }
        catch (ProblemException exception)
        {
            await SendAsync(context, caller, exception.ToProblem());
            return;
        }
        await PageResponse.SeeOther(context, $"{App.Units.Path}#unit-{id}");
    }

    private async Task SendAsync(HttpContext context, Caller caller, Problem? problem)
    {
        ListQuery query = ListRequest.Read(context.Request);
        UnitPage page = await services.Units.ListAsync(caller, query, context.RequestAborted);
        UnitsModel model = new(page with { Items = UnitOrder.ByName(page.Items) }, query.Name, new Rights(caller), problem, FirstUnitModel.Of(context, services), time.GetUtcNow());
        await PageResponse.SendAsync(context,
            new Page("Units", caller.Name, App.Units, new AspNetCoreGeneratedDocument.apps_units_Units { Model = model }),
            problem?.Status ?? StatusCodes.Status200OK);
    }
}
