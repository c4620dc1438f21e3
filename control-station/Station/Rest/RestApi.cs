using VSan.Station.Doctor;
using VSan.Station.Execution;
using VSan.Station.Images;

namespace VSan.Station.Rest;

/// <summary>The REST API: one class for each noun.</summary>
internal static class RestApi
{
    public const string Root = "/api/v1";

    public static void Map(IEndpointRouteBuilder routes, StationServices services, StationDoctor doctor, ImageFiles images, TimeProvider time, CancellationToken stopping)
    {
        RouteGroupBuilder api = routes.MapGroup(Root);
        new PoolEndpoints(services.Pool, services.Import).Map(api);
        new PlanEndpoints(services.Plan).Map(api);
        new OrphanEndpoints(services.Orphans).Map(api);
        new UnitEndpoints(services.Units, services.Operations).Map(api);
        new DiskEndpoints(services.Disks, services.ClaimRules).Map(api);
        new TokenEndpoints(services.Tokens).Map(api);
        new HostEndpoints(services.Hosts, services.HostSecrets, services.HostQuotas, services.HostReports).Map(api);
        new VolumeEndpoints(services.Volumes, services.Moves, services.Trash, services.Operations).Map(api);
        new SnapshotEndpoints(services.Snapshots, services.Volumes, services.Operations).Map(api);
        new TrashEndpoints(services.Trash).Map(api);
        new ShareEndpoints(services.Shares, services.ServiceKinds, services.Operations).Map(api);
        new ProjectEndpoints(services.Projects).Map(api);
        new PolicyEndpoints(services.Policies).Map(api);
        new PlacementEndpoints(services.Placements, services.Alarms).Map(api);
        new MaintenanceEndpoints(services.Maintenance).Map(api);
        new ImageEndpoints(services.Images, services.Updates, services.Operations, images).Map(api);
        new ScheduleEndpoints(services.Schedules).Map(api);
        new MappingEndpoints(services.Mappings, services.Operations).Map(api);
        new OperationEndpoints(services.Operations).Map(api);
        new EventEndpoints(services.Events, time, stopping).Map(api);
        new SessionEndpoints(services.Sessions).Map(api);
        new UserEndpoints(services.Users).Map(api);
        new AccountEndpoints(services.Accounts).Map(api);
        new PostEndpoints(services.Posts).Map(api);
        new AccessTokenEndpoints(services.AccessTokens).Map(api);
        new MetricsEndpoints(services.Metrics).Map(api);
        new AuditEndpoints(services.Audit).Map(api);
        new DoctorEndpoints(doctor).Map(api);
    }
}
