using Microsoft.AspNetCore.Http;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Apps.Tasks;
using VSan.WebOs.Shell;

namespace VSan.WebOs.Apps.Volumes;

/// <summary>The volumes, a form for a new one, and deletion behind a confirmation.</summary>
internal sealed class VolumesApp(StationServices services, TimeProvider time)
{
    /// <summary>GET /app/volumes.</summary>
    public Task ShowAsync(HttpContext context, Caller caller) => SendAsync(context, caller, new NewVolumeForm());

    /// <summary>POST /app/volumes. The form's key makes one volume of a double click.</summary>
    public async Task CreateAsync(HttpContext context, Caller caller)
    {
        CancellationToken cancellationToken = context.RequestAborted;
        (VolumeCreate? request, NewVolumeForm form) = NewVolumeForm.Read(await context.Request.ReadFormAsync(cancellationToken)).ToRequest();
        VolumeAccepted? accepted = null;
        if (request is not null)
        {
            try
            {
                accepted = await services.Volumes.CreateAsync(caller, request, form.Key, cancellationToken);
            }
            catch (ProblemException exception)
            {
                form = form.Refused(exception.ToProblem());
            }
        }

        if (accepted is null) await SendAsync(context, caller, form);
        else await PageResponse.SeeOther(context, TasksApp.PathOf(accepted.Operation.Id));
    }

    /// <summary>GET /app/volumes/{id}/delete.</summary>
    public async Task ConfirmAsync(HttpContext context, Caller caller)
    {
        Volume volume = await services.Volumes.GetAsync(caller, ListRequest.Id(context), context.RequestAborted);
        await SendAsync(context, caller, volume, problem: null);
    }

    /// <summary>POST /app/volumes/{id}/delete.</summary>
    public async Task DeleteAsync(HttpContext context, Caller caller)
    {
        CancellationToken cancellationToken = context.RequestAborted;
        Volume volume = await services.Volumes.GetAsync(caller, ListRequest.Id(context), cancellationToken);
        IFormCollection form = await context.Request.ReadFormAsync(cancellationToken);
        try
        {
            RequireName(volume, form["confirm"].ToString());
            Operation operation = await services.Volumes.DeleteAsync(caller, volume.Id, cancellationToken);
            await PageResponse.SeeOther(context, TasksApp.PathOf(operation.Id));
        }
        catch (ProblemException exception)
        {
            await SendAsync(context, caller, volume, exception.ToProblem());
        }
    }

    private static void RequireName(Volume volume, string typed)
    {
        if (typed == volume.Name) return;
        const string Detail = "The name that was typed is not the volume's. Nothing was deleted.";
        throw new ProblemException("invalid-field", Detail, "Type the name exactly as it is shown.", [new FieldProblem("/confirm", Detail)]);
    }

    private static Task SendAsync(HttpContext context, Caller caller, Volume volume, Problem? problem) =>
        PageResponse.SendAsync(context,
            new Page("Delete volume", caller.Name, App.Volumes,
                new AspNetCoreGeneratedDocument.apps_volumes_DeleteVolume { Model = new(volume, problem) }),
            problem?.Status ?? StatusCodes.Status200OK);

    private async Task SendAsync(HttpContext context, Caller caller, NewVolumeForm form)
    {
        ListQuery query = ListRequest.Read(context.Request);
        VolumePage page = await services.Volumes.ListAsync(caller, query, context.RequestAborted);
        HostPage hosts = await services.Hosts.ListAsync(caller, new ListQuery(Limit: 500), context.RequestAborted);
        VolumesModel model = new(page, query.Name, hosts.Items, new Rights(caller), form, time.GetUtcNow());
        await PageResponse.SendAsync(context,
            new Page("Volumes", caller.Name, App.Volumes, new AspNetCoreGeneratedDocument.apps_volumes_Volumes { Model = model }),
            form.Problem?.Status ?? StatusCodes.Status200OK);
    }
}
