using System.Security.Cryptography;
using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using VSan.Tests.ControlPlane.Execution;

namespace VSan.Tests.ControlPlane.Station;

/// <summary>One request of one verb of the API that is granted, and another for the same object. A new verb needs a sample here.</summary>
/// <param name="Path">Below the root of the API.</param>
/// <param name="Body">What is asked; null for nothing.</param>
/// <param name="Other">What is asked instead by a client that uses its key for something else.</param>
internal sealed record VerbSample(string Path, string? Body = null, string Other = "{}")
{
    private const long VolumeBytes = 1 << 30;

    /// <summary>By method and pattern, as the description of the API has them: makes what the request needs.</summary>
    public static IReadOnlyDictionary<string, Func<RestPool, Task<VerbSample>>> All { get; } = new Dictionary<string, Func<RestPool, Task<VerbSample>>>(StringComparer.Ordinal)
    {
        ["POST /pool:thaw"] = _ => Task.FromResult(new VerbSample("pool:thaw")),
        ["POST /pool:import"] = _ => Task.FromResult(new VerbSample("pool:import", "{}", """{"dryRun":false}""")),
        ["POST /orphans/{id}:adopt"] = async rest => new VerbSample($"orphans/{await StrandAsync(rest)}:adopt", "{}", """{"name":"other"}"""),
        ["DELETE /orphans/{id}"] = async rest => new VerbSample($"orphans/{await StrandAsync(rest)}"),
        ["POST /trash:empty"] = async rest =>
        {
            await TrashAsync(rest);
            return new VerbSample("trash:empty");
        },
        ["POST /units/{id}:approve"] = async rest => new VerbSample($"units/{await WaitAtTheDoorAsync(rest)}:approve"),
        ["POST /units/{id}:cordon"] = rest => Task.FromResult(new VerbSample($"units/{rest.One}:cordon")),
        ["POST /units/{id}:uncordon"] = rest => Task.FromResult(new VerbSample($"units/{rest.One}:uncordon")),
        ["POST /units/{id}:drain"] = rest => Task.FromResult(new VerbSample($"units/{rest.One}:drain")),
        ["POST /units/{id}:retire"] = rest => Task.FromResult(new VerbSample($"units/{rest.One}:retire")),
        ["POST /units/{id}:discard"] = rest => Task.FromResult(new VerbSample($"units/{rest.One}:discard")),
        ["POST /units/{id}:update"] = async rest =>
        {
            await rest.Services.Images.AddAsync(RestPool.Admin, "0.2.0", new string('d', 64), 1 << 20, "test key", default);
            return new VerbSample($"units/{rest.One}:update", """{"version":"0.2.0"}""", """{"version":"0.3.0"}""");
        },
        ["POST /units/{id}:maintenance"] = rest => Task.FromResult(new VerbSample($"units/{rest.One}:maintenance", """{"on":true}""", """{"on":false}""")),
        ["POST /units/{id}:label"] = rest => Task.FromResult(new VerbSample($"units/{rest.One}:label", """{"labels":{"rack":"1"}}""", """{"labels":{"rack":"2"}}""")),
        ["POST /units/{id}:weight"] = rest => Task.FromResult(new VerbSample($"units/{rest.One}:weight", """{"weight":50}""", """{"weight":60}""")),
        ["POST /disks:claim"] = async rest => new VerbSample("disks:claim", await DiskOfAsync(rest, rest.One), await DiskOfAsync(rest, rest.Two)),
        ["POST /disks:release"] = async rest => new VerbSample("disks:release", $$"""{"storeId":"{{await ClaimAsync(rest)}}"}""", $$"""{"storeId":"{{Guid.NewGuid()}}"}"""),
        ["POST /hosts/{id}:revoke-certificate"] = rest => Task.FromResult(new VerbSample($"hosts/{rest.HostId}:revoke-certificate")),
        ["POST /hosts/{id}:rotate-secret"] = rest => Task.FromResult(new VerbSample($"hosts/{rest.HostId}:rotate-secret", "{}", """{"everyDays":7}""")),
        ["POST /volumes/{id}:restore"] = async rest => new VerbSample($"volumes/{await TrashAsync(rest)}:restore"),
        ["POST /volumes/{id}:purge"] = async rest => new VerbSample($"volumes/{(await VolumeAsync(rest)).Id}:purge"),
        ["POST /volumes/{id}:expand"] = async rest => new VerbSample($"volumes/{(await VolumeAsync(rest)).Id}:expand", """{"sizeBytes":2147483648}""", """{"sizeBytes":3221225472}"""),
        ["POST /volumes/{id}:move"] = async rest => new VerbSample($"volumes/{(await VolumeAsync(rest)).Id}:move", $$"""{"toUnitId":"{{rest.Two}}"}"""),
        ["DELETE /snapshots/{id}"] = async rest => new VerbSample($"snapshots/{await SnapshotAsync(rest)}"),
        ["POST /snapshots/{id}:clone"] = async rest => new VerbSample($"snapshots/{await SnapshotAsync(rest)}:clone", """{"name":"c"}""", """{"name":"d"}"""),
        ["DELETE /shares/{id}"] = async rest => new VerbSample($"shares/{await ShareAsync(rest)}"),
        ["POST /shares/{id}:bind"] = async rest => new VerbSample($"shares/{await ShareAsync(rest)}:bind", """{"user":"ann"}""", """{"user":"bob"}"""),
        ["POST /shares/{id}:release"] = async rest =>
        {
            Guid share = await ShareAsync(rest);
            ShareBound bound = await rest.Services.Shares.BindAsync(RestPool.Admin, share, new ShareBind(null, "ann"), null, default);
            await rest.Pool.EndedAsync(bound.Operation);
            return new VerbSample($"shares/{share}:release", $$"""{"bindingId":"{{bound.Binding.Id}}"}""", $$"""{"bindingId":"{{Guid.NewGuid()}}"}""");
        },
        ["DELETE /mappings/{id}"] = async rest => new VerbSample($"mappings/{(await VolumeAsync(rest, rest.HostId)).Mappings[0].Id}"),
        ["POST /operations/{id}:cancel"] = async rest => new VerbSample($"operations/{await WaitForAUnitAsync(rest)}:cancel"),
        ["POST /operations/{id}:retry"] = async rest => new VerbSample($"operations/{await NeedAPersonAsync(rest)}:retry"),
        ["POST /posts/{id}:done"] = async rest => new VerbSample($"posts/{await PostAsync(rest)}:done"),
        ["POST /users/{id}:reset-password"] = async rest => new VerbSample($"users/{await UserAsync(rest)}:reset-password", "{}", """{"password":"another long one"}"""),
        ["POST /users/{id}:reset-totp"] = async rest => new VerbSample($"users/{await UserAsync(rest)}:reset-totp"),
        ["POST /account:change-password"] = _ => Task.FromResult(new VerbSample(
            "account:change-password", $$"""{"password":"{{RestPool.Password}}","newPassword":"another long one"}""", $$"""{"password":"{{RestPool.Password}}","newPassword":"yet another long one"}""")),
        ["POST /account:enrol-totp"] = _ => Task.FromResult(new VerbSample("account:enrol-totp")),
        ["POST /account:confirm-totp"] = async rest => new VerbSample("account:confirm-totp", CodeOf(await AuthenticatorAsync(rest), 0), CodeOf([1], 0)),
        ["POST /account:remove-totp"] = async rest =>
        {
            byte[] secret = await AuthenticatorAsync(rest);
            await rest.Services.Accounts.ConfirmTotpAsync(rest.Person, new TotpCode(Code(secret, 0)), default);
            return new VerbSample("account:remove-totp", CodeOf(secret, 1), CodeOf([1], 0));
        },
    };

    private static async Task<Volume> VolumeAsync(RestPool rest, Guid? hostId = null) => await rest.Pool.VolumeAsync("v", rest.One, hostId);

    private static async Task<Guid> TrashAsync(RestPool rest) => (await rest.Services.Trash.PutAsync(RestPool.Admin, (await VolumeAsync(rest)).Id, null, default)).Id;

    private static async Task<Guid> SnapshotAsync(RestPool rest)
    {
        SnapshotsAccepted taken = await rest.Services.Snapshots.CreateAsync(RestPool.Admin, new SnapshotGroupCreate("s", [(await VolumeAsync(rest)).Id]), null, default);
        await rest.Pool.EndedAsync(taken.Operation);
        return taken.Snapshots[0].Id;
    }

    private static async Task<Guid> ShareAsync(RestPool rest)
    {
        ShareAccepted made = await rest.Services.Shares.CreateAsync(RestPool.Admin, new ShareCreate("f", VolumeBytes), null, default);
        await rest.Pool.EndedAsync(made.Operation);
        return made.Share.Id;
    }

    private static async Task<Guid> StrandAsync(RestPool rest)
    {
        LegRecord record = OrphanTests.Record(rest.One);
        rest.Pool.Station.Strand(rest.One, new FoundLeg(record.StoreId, record.LegId, LegUse.Idle, VolumeBytes, VolumeBytes, IsOurs: true, LegRecords.Sign(record, rest.Pool.Station)));
        rest.Pool.Station.Cut(rest.One);
        rest.Pool.Station.Connect(rest.One);
        await StationTests.UntilAsync(async () => (await rest.Services.Orphans.ListAsync(RestPool.Admin, new ListQuery(), default)).Items.Count == 1);
        await StationTests.UntilAsync(async () => (await rest.Services.Units.GetAsync(RestPool.Admin, rest.One, default)).State == UnitState.Ready);
        return record.LegId;
    }

    private static async Task<Guid> WaitAtTheDoorAsync(RestPool rest)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        VSan.Contracts.Enrolment.StartupPacket packet = SimulatedStation.Packet("three", key);
        await rest.Services.Enrolment.AdmitAsync(packet, "peer", default);
        return packet.MemberId;
    }

    private static async Task<string> DiskOfAsync(RestPool rest, Guid unitId)
    {
        await StationTests.UntilAsync(async () => (await rest.Services.Disks.ListAsync(RestPool.Admin, new ListQuery(), default)).Items.Any(disk => disk.UnitId == unitId));
        return $$"""{"unitId":"{{unitId}}","diskIds":["{{SimulatedStation.BlankDisk.DiskId}}"]}""";
    }

    private static async Task<Guid> ClaimAsync(RestPool rest)
    {
        await DiskOfAsync(rest, rest.One);
        DiskClaimResult claimed = await rest.Services.Disks.ClaimAsync(RestPool.Admin, new DiskClaimCreate(rest.One, [SimulatedStation.BlankDisk.DiskId], null, null), null, default);
        await rest.Pool.EndedAsync(claimed.Operations[0]);
        return await rest.Pool.Store.ReadAsync(transaction => transaction.Table<VSan.Station.Domain.DiskClaim>().Page(null, 1)[0].Id, default);
    }

    private static async Task<Guid> WaitForAUnitAsync(RestPool rest)
    {
        rest.Pool.Station.Cut(rest.One);
        return (await rest.Services.Volumes.CreateAsync(RestPool.Admin, new VolumeCreate("v", VolumeBytes, null, null, null, rest.One), null, default)).Operation.Id;
    }

    private static async Task<Guid> NeedAPersonAsync(RestPool rest)
    {
        await VolumeAsync(rest);
        return await rest.Pool.Store.WriteAsync(
            transaction =>
            {
                ITable<VSan.Station.Domain.Operation> operations = transaction.Table<VSan.Station.Domain.Operation>();
                return operations.Update(operations.Page(null, 1)[0] with { State = VSan.Station.Domain.OperationState.NeedsOperator, EndedAt = null }).Id;
            },
            default);
    }

    private static async Task<Guid> PostAsync(RestPool rest) =>
        (await rest.Services.Posts.CreateAsync(RestPool.Admin, new PostCreate("everyone", "look at it", PostKind.Task, null), null, default)).Id;

    private static async Task<Guid> UserAsync(RestPool rest) => (await rest.Services.Users.CreateAsync(RestPool.Admin, new UserCreate("kim"), null, default)).User.Id;

    private static async Task<byte[]> AuthenticatorAsync(RestPool rest)
    {
        await rest.Services.Accounts.EnrolTotpAsync(rest.Person, default);
        Person person = await rest.Pool.Store.ReadAsync(transaction => transaction.Table<Person>().Find(rest.Person.PersonId!.Value)!, default);
        return rest.Pool.Station.Unprotect(person.Totp!.ProtectedSecret);
    }

    private static string Code(byte[] secret, int away) => Totp.Code(secret, (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30) + away);

    private static string CodeOf(byte[] secret, int away) => $$"""{"code":"{{Code(secret, away)}}"}""";
}
