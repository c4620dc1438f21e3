using VSan.Station.Domain;
using VSan.Station.Execution;

namespace VSan.Station.Store.Sqlite;

/// <summary>The tables of Schema/*.sql, column for column.</summary>
internal static class TableMaps
{
    private static readonly TableMap<Unit> Units = new(
        "unit",
        ["name", "phase", "key_hash", "short_code", "serial_number", "image_version", "addresses", "portals", "wanted_generation", "enrolled_at", "join_milliseconds", "labels", "cordoned", "weight", "services", "stands_in_for"],
        (unit, row) => row.Text(unit.Name).Name(unit.Phase).Text(unit.KeyHash).Text(unit.ShortCode).Text(unit.SerialNumber).Text(unit.ImageVersion)
            .Json(unit.Addresses, StoreJson.Default.IReadOnlyListString).Json(unit.Portals, StoreJson.Default.IReadOnlyListString)
            .Integer(unit.WantedGeneration).Time(unit.EnrolledAt).Integer(unit.JoinMilliseconds)
            .Json(unit.Labels, StoreJson.Default.IReadOnlyDictionaryStringString).Truth(unit.Cordoned).Integer(unit.Weight).Json(unit.Services, StoreJson.Default.IReadOnlyListServiceOffer)
            .Id(unit.StandsInFor),
        (id, ref row) => new(
            id, row.Text(), row.Name<UnitPhase>(), row.Text(), row.Text(), row.Text(), row.Text(),
            row.Json(StoreJson.Default.IReadOnlyListString), row.Json(StoreJson.Default.IReadOnlyListString),
            row.Integer(), row.Time(), row.IntegerOrNull())
        {
            Labels = row.Json(StoreJson.Default.IReadOnlyDictionaryStringString),
            Cordoned = row.Truth(),
            Weight = (int)row.Integer(),
            Services = row.Json(StoreJson.Default.IReadOnlyListServiceOffer),
            StandsInFor = row.IdOrNull(),
        });

    private static readonly TableMap<UnitTombstone> UnitTombstones = new(
        "unit_tombstone",
        ["name", "key_hash", "wanted_generation", "forgotten_at"],
        (grave, row) => row.Text(grave.Name).Text(grave.KeyHash).Integer(grave.WantedGeneration).Time(grave.ForgottenAt),
        (id, ref row) => new(id, row.Text(), row.Text(), row.Integer(), row.Time()));

    private static readonly TableMap<LegTombstone> LegTombstones = new(
        "leg_tombstone",
        ["unit_id", "store_id", "volume_name", "size_bytes", "left_at", "discard"],
        (grave, row) => row.Id(grave.UnitId).Id(grave.StoreId).Text(grave.VolumeName).Integer(grave.SizeBytes).Time(grave.LeftAt).Truth(grave.Discard),
        (id, ref row) => new(id, row.Id(), row.Id(), row.Text(), row.Integer(), row.Time()) { Discard = row.Truth() });

    private static readonly TableMap<LegMove> LegMoves = new(
        "leg_move",
        ["volume_id", "from_unit_id", "from_store_id", "to_unit_id", "to_store_id", "size_bytes", "protected_secret", "state"],
        (move, row) => row.Id(move.VolumeId).Id(move.FromUnitId).Id(move.FromStoreId).Id(move.ToUnitId).Id(move.ToStoreId).Integer(move.SizeBytes).Bytes(move.ProtectedSecret).Name(move.State),
        (id, ref row) => new(id, row.Id(), row.Id(), row.Id(), row.Id(), row.Id(), row.Integer(), row.Bytes(), row.Name<LegMoveState>()));

    private static readonly TableMap<LegReplacement> LegReplacements = new(
        "leg_replacement",
        ["volume_id", "outgoing_id", "state", "leaving_id"],
        (one, row) => row.Id(one.VolumeId).Id(one.OutgoingId).Name(one.State).Id(one.LeavingId),
        (id, ref row) => new(id, row.Id(), row.Id(), row.Name<LegReplacementState>()) { LeavingId = row.IdOrNull() });

    private static readonly TableMap<Domain.Store> Stores = new(
        "store",
        ["unit_id", "name", "capacity_bytes", "free_bytes", "promised_bytes", "media"],
        (store, row) => row.Id(store.UnitId).Text(store.Name).Integer(store.CapacityBytes).Integer(store.FreeBytes).Integer(store.PromisedBytes).Text(store.Media),
        (id, ref row) => new(id, row.Id(), row.Text(), row.Integer(), row.Integer(), row.Integer()) { Media = row.TextOrNull() });

    private static readonly TableMap<DiskClaim> DiskClaims = new(
        "disk_claim",
        ["unit_id", "disk_id", "model", "size_bytes", "claimed_by", "claimed_at"],
        (claim, row) => row.Id(claim.UnitId).Text(claim.DiskId).Text(claim.Model).Integer(claim.SizeBytes).Text(claim.ClaimedBy).Time(claim.ClaimedAt),
        (id, ref row) => new(id, row.Id(), row.Text(), row.Text(), row.Integer(), row.Text(), row.Time()));

    private static readonly TableMap<ClaimRule> ClaimRules = new(
        "claim_rule",
        ["name", "media", "model", "size_bytes_min", "size_bytes_max", "labels", "created_by", "created_at"],
        (rule, row) => row.Text(rule.Name).Text(rule.Media).Text(rule.Model).Integer(rule.SizeBytesMin).Integer(rule.SizeBytesMax)
            .Json(rule.Labels, StoreJson.Default.IReadOnlyDictionaryStringString).Text(rule.CreatedBy).Time(rule.CreatedAt),
        (id, ref row) => new(
            id, row.Text(), row.TextOrNull(), row.TextOrNull(), row.IntegerOrNull(), row.IntegerOrNull(),
            row.Json(StoreJson.Default.IReadOnlyDictionaryStringString), row.Text(), row.Time()));

    private static readonly TableMap<Token> Tokens = new(
        "token",
        ["code", "proof_key", "auto_approve", "uses_max", "uses_left", "created_at", "expires_at", "created_by", "labels", "for_hosts", "host_id"],
        (token, row) => row.Text(token.Code).Bytes(token.ProofKey).Truth(token.AutoApprove).Integer(token.UsesMax).Integer(token.UsesLeft)
            .Time(token.CreatedAt).Time(token.ExpiresAt).Text(token.CreatedBy).Json(token.Labels, StoreJson.Default.IReadOnlyDictionaryStringString)
            .Truth(token.ForHosts).Id(token.HostId),
        (id, ref row) => new(
            id, row.Text(), row.Bytes(), row.Truth(), (int)row.Integer(), (int)row.Integer(), row.Time(), row.Time(), row.Text())
        {
            Labels = row.Json(StoreJson.Default.IReadOnlyDictionaryStringString),
            ForHosts = row.Truth(),
            HostId = row.IdOrNull(),
        });

    private static readonly TableMap<Host> Hosts = new(
        "host",
        ["name", "initiator_name", "created_at", "rotate_every_days"],
        (host, row) => row.Text(host.Name).Text(host.InitiatorName).Time(host.CreatedAt).Integer(host.RotateEveryDays),
        (id, ref row) => new(id, row.Text(), row.Text(), row.Time()) { RotateEveryDays = (int?)row.IntegerOrNull() });

    private static readonly TableMap<HostMember> HostMembers = new(
        "host_member",
        ["host_id", "key_hash", "enrolled_at"],
        (member, row) => row.Id(member.HostId).Text(member.KeyHash).Time(member.EnrolledAt),
        (id, ref row) => new(id, row.Id(), row.Text(), row.Time()));

    private static readonly TableMap<Maintenance> Maintenances = new(
        "maintenance",
        ["since", "begun_by", "reason"],
        (maintenance, row) => row.Time(maintenance.Since).Text(maintenance.By).Text(maintenance.Reason),
        (id, ref row) => new(id, row.Time(), row.Text(), row.Text()));

    private static readonly TableMap<Desktop> Desktops = new(
        "desktop",
        ["content"],
        (desktop, row) => row.Text(desktop.Content),
        (id, ref row) => new(id, row.Text()));

    private static readonly TableMap<Posting> Posts = new(
        "post",
        ["author", "audience", "is_task", "text", "subject", "subject_name", "posted_at", "done_by", "done_at"],
        (post, row) => row.Text(post.Author).Text(post.Audience.Text).Truth(post.IsTask).Text(post.Text).TextOrNull(post.Subject).TextOrNull(post.SubjectName).Time(post.PostedAt)
            .TextOrNull(post.DoneBy).Time(post.DoneAt),
        (id, ref row) => new(id, row.Text(), new Audience(row.Text()), row.Truth(), row.Text(), row.TextOrNull(), row.TextOrNull(), row.Time())
        {
            DoneBy = row.TextOrNull(),
            DoneAt = row.TimeOrNull(),
        });

    private static readonly TableMap<ApplianceImage> ApplianceImages = new(
        "appliance_image",
        ["version", "digest", "size_bytes", "signer", "added_by", "added_at"],
        (image, row) => row.Text(image.Version).Text(image.Digest).Integer(image.SizeBytes).Text(image.Signer).Text(image.AddedBy).Time(image.AddedAt),
        (id, ref row) => new(id, row.Text(), row.Text(), row.Integer(), row.Text(), row.Text(), row.Time()));

    private static readonly TableMap<UnitUpdate> UnitUpdates = new(
        "unit_update",
        ["image_id", "restart"],
        (update, row) => row.Id(update.ImageId).Truth(update.Restart),
        (id, ref row) => new(id, row.Id(), row.Truth()));

    private static readonly TableMap<HostReport> HostReports = new(
        "host_report",
        ["reported_at", "content"],
        (report, row) => row.Time(report.ReportedAt).Text(report.Content),
        (id, ref row) => new(id, row.Time(), row.Text()));

    private static readonly TableMap<PoolSettings> Settings = new(
        "pool_settings",
        ["trash_delay_seconds", "spare_after_seconds"],
        (settings, row) => row.Integer((long)settings.TrashDelay.TotalSeconds).Integer((long?)settings.SpareAfter?.TotalSeconds),
        (_, ref row) => new(TimeSpan.FromSeconds(row.Integer())) { SpareAfter = row.IntegerOrNull() is { } seconds ? TimeSpan.FromSeconds(seconds) : null });

    private static readonly TableMap<HostQuota> HostQuotas = new(
        "host_quota",
        ["bytes_max", "volumes_max"],
        (quota, row) => row.Integer(quota.BytesMax).Integer(quota.VolumesMax),
        (id, ref row) => new(id, row.Integer(), (int)row.Integer()));

    private static readonly TableMap<HostVolume> HostVolumes = new(
        "host_volume",
        ["host_id"],
        (volume, row) => row.Id(volume.HostId),
        (id, ref row) => new(id, row.Id()));

    private static readonly TableMap<Credential> Credentials = new(
        "credential",
        ["host_id", "unit_id", "user_name", "protected_secret", "protected_target_secret", "rotation", "made_at"],
        (credential, row) => row.Id(credential.HostId).Id(credential.UnitId).Text(credential.UserName).Bytes(credential.ProtectedSecret)
            .BytesOrNull(credential.ProtectedTargetSecret).Json(credential.Rotation, StoreJson.Default.SecretRotation).Time(credential.MadeAt),
        (id, ref row) => new(id, row.Id(), row.Id(), row.Text(), row.Bytes())
        {
            ProtectedTargetSecret = row.BytesOrNull(),
            Rotation = row.JsonOrNull(StoreJson.Default.SecretRotation),
            MadeAt = row.Time(),
        });

    private static readonly TableMap<Volume> Volumes = new(
        "volume",
        ["project_id", "name", "layout", "size_bytes", "block_size_bytes", "thin", "owner", "state", "created_at", "policy_id", "qos", "purge_at", "promised_bytes"],
        (volume, row) => row.Id(volume.ProjectId).Text(volume.Name).Text(volume.Layout.ToString()).Integer(volume.SizeBytes).Integer(volume.BlockSizeBytes)
            .Truth(volume.Thin).Text(volume.Owner).Name(volume.State).Time(volume.CreatedAt).Id(volume.PolicyId).Json(volume.Limits, StoreJson.Default.VolumeLimits)
            .Time(volume.PurgeAt).Integer(volume.PromisedBytes),
        (id, ref row) => new(
            id, row.Id(), row.Text(), Layout(row.Text()), row.Integer(), (int)row.Integer(), row.Truth(), row.Text(), row.Name<VolumeState>(), row.Time())
        {
            PolicyId = row.IdOrNull(),
            Limits = row.JsonOrNull(StoreJson.Default.VolumeLimits),
            PurgeAt = row.TimeOrNull(),
        });

    private static readonly TableMap<Project> Projects = new(
        "project",
        ["name", "quota_bytes", "quota_volumes", "created_at"],
        (project, row) => row.Text(project.Name).Integer(project.QuotaBytes).Integer(project.QuotaVolumes).Time(project.CreatedAt),
        (id, ref row) => new(id, row.Text(), row.IntegerOrNull(), (int?)row.IntegerOrNull(), row.Time()));

    private static readonly TableMap<Policy> Policies = new(
        "policy",
        ["name", "layout", "domain", "media", "thin", "overcommit_ratio", "qos", "snapshot_schedule", "created_at"],
        (policy, row) => row.Text(policy.Name).Text(policy.Layout.ToString()).Name(policy.Domain).TextOrNull(policy.Media).Truth(policy.Thin).Real(policy.OvercommitRatio)
            .Json(policy.Limits, StoreJson.Default.VolumeLimits).TextOrNull(policy.SnapshotSchedule).Time(policy.CreatedAt),
        (id, ref row) => new(
            id, row.Text(), Layout(row.Text()), row.Name<FailureDomain>(), row.TextOrNull(), row.Truth(), row.Real(),
            row.JsonOrNull(StoreJson.Default.VolumeLimits), row.TextOrNull(), row.Time()));

    private static readonly TableMap<Alarm> Alarms = new(
        "alarm",
        ["kind", "subject", "severity", "message", "raised_at"],
        (alarm, row) => row.Text(alarm.Kind).Text(alarm.Subject).Name(alarm.Severity).Text(alarm.Message).Time(alarm.RaisedAt),
        (id, ref row) => new(id, row.Text(), row.Text(), row.Name<AlarmSeverity>(), row.Text(), row.Time()));

    private static readonly TableMap<Leg> Legs = new(
        "leg",
        ["volume_id", "unit_id", "store_id", "position", "role", "size_bytes", "origin_id"],
        (leg, row) => row.Id(leg.VolumeId).Id(leg.UnitId).Id(leg.StoreId).Integer(leg.Index).Name(leg.Role).Integer(leg.SizeBytes).Id(leg.OriginId),
        (id, ref row) => new(id, row.Id(), row.Id(), row.Id(), (int)row.Integer(), row.Name<LegRole>(), row.Integer()) { OriginId = row.IdOrNull() });

    private static readonly TableMap<Snapshot> Snapshots = new(
        "snapshot",
        ["volume_id", "group_id", "name", "state", "schedule_id", "created_at", "taken_at"],
        (snapshot, row) => row.Id(snapshot.VolumeId).Id(snapshot.GroupId).Text(snapshot.Name).Name(snapshot.State).Id(snapshot.ScheduleId)
            .Time(snapshot.CreatedAt).Time(snapshot.TakenAt),
        (id, ref row) => new(id, row.Id(), row.Id(), row.Text(), row.Name<SnapshotState>(), row.IdOrNull(), row.Time(), row.TimeOrNull()));

    private static readonly TableMap<SnapshotLeg> SnapshotLegs = new(
        "snapshot_leg",
        ["snapshot_id", "leg_id", "unit_id", "store_id", "size_bytes", "promised_bytes"],
        (leg, row) => row.Id(leg.SnapshotId).Id(leg.LegId).Id(leg.UnitId).Id(leg.StoreId).Integer(leg.SizeBytes).Integer(leg.PromisedBytes),
        (id, ref row) => new(id, row.Id(), row.Id(), row.Id(), row.Id(), row.Integer(), row.Integer()));

    private static readonly TableMap<SnapshotSchedule> Schedules = new(
        "snapshot_schedule",
        ["name", "hourly", "daily", "weekly", "monthly", "minute", "hour", "one_moment", "volume_ids", "last_slot"],
        (schedule, row) => row.Text(schedule.Name).Integer(schedule.Keep.Hourly).Integer(schedule.Keep.Daily).Integer(schedule.Keep.Weekly)
            .Integer(schedule.Keep.Monthly).Integer(schedule.Times.Minute).Integer(schedule.Times.Hour).Truth(schedule.OneMoment)
            .Json(schedule.VolumeIds, StoreJson.Default.IReadOnlyListGuid).Time(schedule.LastSlot),
        (id, ref row) => new(
            id, row.Text(), new RetentionCounts((int)row.Integer(), (int)row.Integer(), (int)row.Integer(), (int)row.Integer()),
            new SlotTimes((int)row.Integer(), (int)row.Integer()), row.Truth(), row.Json(StoreJson.Default.IReadOnlyListGuid), row.Time()));

    private static readonly TableMap<Mapping> Mappings = new(
        "mapping",
        ["volume_id", "host_id", "read_only", "state"],
        (mapping, row) => row.Id(mapping.VolumeId).Id(mapping.HostId).Truth(mapping.ReadOnly).Name(mapping.State),
        (id, ref row) => new(id, row.Id(), row.Id(), row.Truth(), row.Name<MappingState>()));

    private static readonly TableMap<MappedLeg> MappedLegs = new(
        "mapped_leg",
        ["mapping_id", "leg_id", "host_id", "unit_id", "lun"],
        (leg, row) => row.Id(leg.MappingId).Id(leg.LegId).Id(leg.HostId).Id(leg.UnitId).Integer(leg.Lun),
        (id, ref row) => new(id, row.Id(), row.Id(), row.Id(), row.Id(), (int)row.Integer()));

    private static readonly TableMap<LunTombstone> Tombstones = new(
        "lun_tombstone",
        ["host_id", "unit_id", "lun", "freed_at"],
        (tombstone, row) => row.Id(tombstone.HostId).Id(tombstone.UnitId).Integer(tombstone.Lun).Time(tombstone.FreedAt),
        (id, ref row) => new(id, row.Id(), row.Id(), (int)row.Integer(), row.Time()));

    private static readonly TableMap<Share> Shares = new(
        "share",
        ["project_id", "name", "size_bytes", "unit_id", "store_id", "port", "owner", "state", "created_at", "certificate"],
        (share, row) => row.Id(share.ProjectId).Text(share.Name).Integer(share.SizeBytes).Id(share.UnitId).Id(share.StoreId).Integer(share.Port)
            .Text(share.Owner).Name(share.State).Time(share.CreatedAt).TextOrNull(share.Certificate),
        (id, ref row) => new(
            id, row.Id(), row.Text(), row.Integer(), row.Id(), row.Id(), (int)row.Integer(), row.Text(), row.Name<ShareState>(), row.Time())
        {
            Certificate = row.TextOrNull(),
        });

    private static readonly TableMap<ShareBinding> ShareBindings = new(
        "share_binding",
        ["share_id", "host_id", "holder", "user_name", "password_hash", "state", "created_at"],
        (binding, row) => row.Id(binding.ShareId).Id(binding.HostId).Text(binding.Holder).Text(binding.UserName).Text(binding.PasswordHash)
            .Name(binding.State).Time(binding.CreatedAt),
        (id, ref row) => new(id, row.Id(), row.IdOrNull(), row.Text(), row.Text(), row.Text(), row.Name<ShareBindingState>(), row.Time()));

    private static readonly TableMap<Operation> Operations = new(
        "operation",
        [
            "kind", "title", "state", "phase", "steps", "locks", "subject_id", "requested_by", "undoing", "point_of_no_return", "failure", "wait", "progress",
            "remains", "created_at", "ended_at",
        ],
        (operation, row) => row.Text(operation.Kind).Text(operation.Title).Name(operation.State).Text(operation.Phase)
            .Json(operation.Steps, StoreJson.Default.IReadOnlyListOperationStep).Json(operation.Locks, StoreJson.Default.IReadOnlyListOperationLock)
            .Id(operation.SubjectId).Text(operation.RequestedBy).Truth(operation.Undoing).TextOrNull(operation.PointOfNoReturn)
            .Json(operation.Failure, StoreJson.Default.OperationFailure).Json(operation.Wait, StoreJson.Default.OperationWait)
            .Json(operation.Progress, StoreJson.Default.OperationProgress).TextOrNull(operation.Remains).Time(operation.CreatedAt).Time(operation.EndedAt),
        (id, ref row) => new(
            id, row.Text(), row.Text(), row.Name<OperationState>(), row.Text(), row.Json(StoreJson.Default.IReadOnlyListOperationStep),
            row.Json(StoreJson.Default.IReadOnlyListOperationLock), row.Id(), row.Text(), row.Truth(), row.TextOrNull(),
            row.JsonOrNull(StoreJson.Default.OperationFailure), row.JsonOrNull(StoreJson.Default.OperationWait),
            row.JsonOrNull(StoreJson.Default.OperationProgress), row.TextOrNull(), row.Time(), row.TimeOrNull()));

    private static readonly TableMap<Leftover> Leftovers = new(
        "leftover",
        ["unit_id", "store_id", "size_bytes", "gone_at_generation"],
        (leftover, row) => row.Id(leftover.UnitId).Id(leftover.StoreId).Integer(leftover.SizeBytes).Integer(leftover.GoneAtGeneration),
        (id, ref row) => new(id, row.Id(), row.Id(), row.Integer(), row.Integer()));

    private static readonly TableMap<UnitFence> UnitFences = new("unit_fence", ["epoch"], (fence, row) => row.Integer(fence.Epoch), (id, ref row) => new(id, row.Integer()));

    private static readonly TableMap<Person> People = new(
        "person",
        ["user_name", "bindings", "password_hash", "disabled", "totp_secret", "totp_confirmed", "totp_last_step", "totp_recovery", "created_at"],
        (person, row) => row.Text(person.UserName).Bindings(person.Bindings).Text(person.PasswordHash).Truth(person.Disabled)
            .BytesOrNull(person.Totp?.ProtectedSecret).Truth(person.Totp?.Confirmed ?? false).Integer(person.Totp?.LastStep ?? 0)
            .Json(person.Totp?.Recovery ?? [], StoreJson.Default.IReadOnlyListString).Time(person.CreatedAt),
        (id, ref row) => new(id, row.Text(), row.Bindings(), row.Text(), row.Truth(), Factor(row.BytesOrNull(), row.Truth(), row.Integer(), row.Json(StoreJson.Default.IReadOnlyListString)), row.Time()));

    private static readonly TableMap<Session> Sessions = new(
        "session",
        ["token_hash", "person_id", "peer", "created_at", "expires_at"],
        (session, row) => row.Text(session.TokenHash).Id(session.PersonId).Text(session.Peer).Time(session.CreatedAt).Time(session.ExpiresAt),
        (id, ref row) => new(id, row.Text(), row.Id(), row.Text(), row.Time(), row.Time()));

    private static readonly TableMap<AccessToken> AccessTokens = new(
        "access_token",
        ["name", "token_hash", "bindings", "created_at", "expires_at", "created_by"],
        (token, row) => row.Text(token.Name).Text(token.TokenHash).Bindings(token.Bindings).Time(token.CreatedAt).Time(token.ExpiresAt).Text(token.CreatedBy),
        (id, ref row) => new(id, row.Text(), row.Text(), row.Bindings(), row.Time(), row.Time(), row.Text()));

    private static readonly TableMap<GivenAnswer> Answers = new(
        "given_answer",
        ["key", "request_hash", "answer", "created_at"],
        (answer, row) => row.Text(answer.Key).Text(answer.RequestHash).Text(answer.Answer).Time(answer.CreatedAt),
        (id, ref row) => new(id, row.Text(), row.Text(), row.Text(), row.Time()));

    private static readonly TableMap<QuarantinedRow> QuarantinedRows = new(
        "quarantined_row",
        ["table_name", "row_id", "reason", "content", "at"],
        (quarantined, row) => row.Text(quarantined.Table).Text(quarantined.RowId).Text(quarantined.Reason).Text(quarantined.Content).Time(quarantined.At),
        (id, ref row) => new(id, row.Text(), row.Text(), row.Text(), row.Text(), row.Time()));

    private static readonly TableMap<Lease> Leases = new(
        "lease",
        ["name", "holder", "epoch", "expires_at"],
        (lease, row) => row.Text(lease.Name).Text(lease.Holder).Integer(lease.Epoch).Time(lease.ExpiresAt),
        (id, ref row) => new(id, row.Text(), row.Text(), row.Integer(), row.Time()));

    private static readonly Dictionary<Type, ITableMap> All = new()
    {
        [typeof(Unit)] = Units,
        [typeof(UnitTombstone)] = UnitTombstones,
        [typeof(DiskClaim)] = DiskClaims,
        [typeof(ClaimRule)] = ClaimRules,
        [typeof(LegTombstone)] = LegTombstones,
        [typeof(LegMove)] = LegMoves,
        [typeof(LegReplacement)] = LegReplacements,
        [typeof(Domain.Store)] = Stores,
        [typeof(Token)] = Tokens,
        [typeof(Host)] = Hosts,
        [typeof(HostMember)] = HostMembers,
        [typeof(Maintenance)] = Maintenances,
        [typeof(Desktop)] = Desktops,
        [typeof(Posting)] = Posts,
        [typeof(PoolSettings)] = Settings,
        [typeof(HostQuota)] = HostQuotas,
        [typeof(HostReport)] = HostReports,
        [typeof(ApplianceImage)] = ApplianceImages,
        [typeof(UnitUpdate)] = UnitUpdates,
        [typeof(HostVolume)] = HostVolumes,
        [typeof(Credential)] = Credentials,
        [typeof(Volume)] = Volumes,
        [typeof(Project)] = Projects,
        [typeof(Policy)] = Policies,
        [typeof(Alarm)] = Alarms,
        [typeof(Leg)] = Legs,
        [typeof(Snapshot)] = Snapshots,
        [typeof(SnapshotLeg)] = SnapshotLegs,
        [typeof(SnapshotSchedule)] = Schedules,
        [typeof(Mapping)] = Mappings,
        [typeof(MappedLeg)] = MappedLegs,
        [typeof(LunTombstone)] = Tombstones,
        [typeof(Share)] = Shares,
        [typeof(ShareBinding)] = ShareBindings,
        [typeof(Operation)] = Operations,
        [typeof(UnitFence)] = UnitFences,
        [typeof(Leftover)] = Leftovers,
        [typeof(Person)] = People,
        [typeof(Session)] = Sessions,
        [typeof(AccessToken)] = AccessTokens,
        [typeof(GivenAnswer)] = Answers,
        [typeof(QuarantinedRow)] = QuarantinedRows,
        [typeof(Lease)] = Leases,
    };

    /// <summary>The maps of all kinds.</summary>
    public static IEnumerable<ITableMap> Every => All.Values;

    /// <summary>The map of one kind of record.</summary>
    public static TableMap<T> Of<T>()
        where T : Entity => (TableMap<T>)All[typeof(T)];

    private static TotpFactor? Factor(byte[]? secret, bool confirmed, long lastStep, IReadOnlyList<string> recovery) =>
        secret is null ? null : new(secret, confirmed, lastStep) { Recovery = recovery };

    private static VolumeLayout Layout(string text) => VolumeLayout.Parse(text) ?? throw new InvalidDataException($"{text} is no layout.");
}
