using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>Projects and their quotas.</summary>
public sealed class ProjectService
{
    private readonly Ledger _ledger;

    internal ProjectService(Ledger ledger) => _ledger = ledger;

    /// <summary>One page of projects; the default one leads the first page while it has no quota of its own.</summary>
    public Task<ProjectPage> ListAsync(Caller caller, ListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(query);
        return _ledger.ReadAsync(
            transaction =>
            {
                (IReadOnlyList<Project> items, string? next) = transaction.List(caller, "project.read", query, Lookups.ProjectName, project => View(transaction, project));
                bool lead = query.Cursor is null && query.Name is null or "default" && transaction.Table<Domain.Project>().Find(Domain.Project.Default.Id) is null;
                return new ProjectPage(lead ? [View(transaction, Domain.Project.Default), .. items] : items, next);
            },
            cancellationToken);
    }

    /// <summary>Makes a project.</summary>
    public Task<Project> CreateAsync(Caller caller, ProjectCreate request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _ledger.MutateAsync(
            caller.Asking(idempotencyKey, request, ApiJson.Default.ProjectCreate),
            "project.create",
            $"project/{request.Name}",
            (transaction, now) =>
            {
                Validate(request);
                if (request.Name == Domain.Project.Default.Name || transaction.Table<Domain.Project>().Where(Lookups.ProjectName, request.Name) is not [])
                    throw new ProblemException("name-taken", $"There is a project {request.Name} already.");
                Domain.Project project = transaction.Table<Domain.Project>().Insert(new Domain.Project(transaction.NewId(now), request.Name, request.QuotaBytes, request.QuotaVolumes, now));
                transaction.AppendEvent(now, "project.created", $"project/{project.Id}", $"Project {project.Name} was made by {caller.Name}.");
                return View(transaction, project);
            },
            cancellationToken);
    }

    /// <summary>Gives a project other quotas. Volumes that are over them stay; nothing more is promised until it is below.</summary>
    public Task<Project> ChangeAsync(Caller caller, string name, ProjectCreate request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _ledger.MutateAsync(
            caller,
            "project.change",
            $"project/{name}",
            (transaction, now) =>
            {
                Validate(request);
                if (request.Name != name) throw ProblemException.Field("/name", "is the project's name, which does not change.");
                ITable<Domain.Project> projects = transaction.Table<Domain.Project>();
                Domain.Project project = projects.Where(Lookups.ProjectName, name) is [Domain.Project stored] ? stored
                    : name == Domain.Project.Default.Name ? projects.Insert(Domain.Project.Default with { CreatedAt = now })
                    : throw ProblemException.NotFound("project", name);
                project = projects.Update(project with { QuotaBytes = request.QuotaBytes, QuotaVolumes = request.QuotaVolumes });
                transaction.AppendEvent(now, "project.changed", $"project/{project.Id}", $"The quotas of project {project.Name} were changed by {caller.Name}.");
                return View(transaction, project);
            },
            cancellationToken);
    }

    /// <summary>Removes a project without volumes.</summary>
    public Task DeleteAsync(Caller caller, string name, CancellationToken cancellationToken) => _ledger.MutateAsync(
        caller,
        "project.delete",
        $"project/{name}",
        (transaction, now) =>
        {
            Domain.Project project = transaction.Table<Domain.Project>().Where(Lookups.ProjectName, name) is [Domain.Project stored] ? stored : throw ProblemException.NotFound("project", name);
            if (project.Id != Domain.Project.Default.Id && ServiceKinds.All.FirstOrDefault(kind => kind.CountIn(transaction, project.Id) > 0) is { } used)
                throw new ProblemException("project-in-use", $"Project {project.Name} has {used.CountIn(transaction, project.Id)} {used.Collection}.", "Remove them and empty the trash first.");
            transaction.Table<Domain.Project>().Delete(project.Id);
            transaction.AppendEvent(now, "project.removed", $"project/{project.Id}", $"Project {project.Name} was removed by {caller.Name}.");
            return true;
        },
        cancellationToken);

    private static void Validate(ProjectCreate request)
    {
        Names.Object(request.Name, "/name");
        if (request.QuotaBytes < 0) throw ProblemException.Field("/quotaBytes", "must be 0 or more.");
        if (request.QuotaVolumes < 0) throw ProblemException.Field("/quotaVolumes", "must be 0 or more.");
    }

    private static Project View(IStationTransaction transaction, Domain.Project project)
    {
        (long promisedBytes, int volumes) = QuotaRule.UsageOf(transaction, project.Id);
        return new Project(project.Id, project.Name, project.QuotaBytes, project.QuotaVolumes, promisedBytes, volumes, project.CreatedAt);
    }
}
