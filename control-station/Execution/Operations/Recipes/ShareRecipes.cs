using VSan.Station.Domain;
using VSan.Station.Execution.Steps;

namespace VSan.Station.Execution;

/// <summary>Operations on shares.</summary>
internal static class ShareRecipes
{
    /// <summary>Makes a share that is reserved already.</summary>
    public static Recipe Make(Share share, Unit unit) => new(
        OperationCatalog.ShareCreate,
        $"Create share {share.Name}",
        share.Id,
        [
            Recipe.Done("reserve space and a port", ReserveShare.Kind, share.Id),
            Recipe.Todo($"configure {unit.Name}", MakeOnUnit.Kind, unit.Id),
            Recipe.Todo("publish the share", PublishShare.Kind, share.Id),
        ],
        []);

    /// <summary>Lets somebody in whose permission is noted already.</summary>
    public static Recipe Bind(Share share, Unit unit, ShareBinding binding) => new(
        OperationCatalog.ShareBind,
        $"Let {binding.Holder} use share {share.Name}",
        binding.Id,
        [
            Recipe.Done("note the permission", ReserveShareBinding.Kind, binding.Id),
            Recipe.Todo($"configure {unit.Name}", MakeOnUnit.Kind, unit.Id),
            Recipe.Todo("publish the permission", PublishShareBinding.Kind, binding.Id),
        ],
        [OperationLock.Shared(LockPath.Share(share.Id))]);

    /// <summary>Takes the share from somebody.</summary>
    public static Recipe Release(Share share, Unit unit, ShareBinding binding) => new(
        OperationCatalog.ShareRelease,
        $"Take share {share.Name} from {binding.Holder}",
        binding.Id,
        [
            Recipe.Todo("withdraw the permission", WithdrawShareBinding.Kind, binding.Id),
            Recipe.Release(unit),
            Recipe.Todo("forget the permission", ReleaseShareBinding.Kind, binding.Id),
        ],
        [OperationLock.Shared(LockPath.Share(share.Id))]);

    /// <summary>Removes a share.</summary>
    public static Recipe Remove(Share share, Unit unit) => new(
        OperationCatalog.ShareDelete,
        $"Delete share {share.Name}",
        share.Id,
        [
            Recipe.Todo("withdraw the share", WithdrawShare.Kind, share.Id),
            Recipe.Release(unit),
            Recipe.Todo("release its space", ReleaseShare.Kind, share.Id),
        ],
        []);
}
