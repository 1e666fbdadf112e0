package sheet

// What messages say of the file as a whole.
const (
	FileFormat    Code = "file_format"
	FileLarge     Code = "file_large"
	FileParts     Code = "file_parts"
	FileWorkbook  Code = "file_workbook"
	FileEncoding  Code = "file_encoding"
	FileEmpty     Code = "file_empty"
	HeaderMissing Code = "header_missing"
	ColumnUnknown Code = "column_unknown"
	ColumnIgnored Code = "column_ignored"
	ColumnTwice   Code = "column_twice"
	ColumnUnnamed Code = "column_unnamed"
	ColumnsMany   Code = "columns_many"
	RowsMany      Code = "rows_many"
	RowAbove      Code = "row_above"
	QuoteOpen     Code = "quote_open"
	QuoteStray    Code = "quote_stray"
	CellLong      Code = "cell_long"
	CamerasMany   Code = "cameras_many"
	AreasMany     Code = "areas_many"
	AreasDeep     Code = "areas_deep"
)

// What messages say of YAML.
const (
	YAMLSyntax       Code = "yaml_syntax"
	YAMLDocuments    Code = "yaml_documents"
	YAMLObject       Code = "yaml_object"
	YAMLList         Code = "yaml_list"
	YAMLKey          Code = "yaml_key"
	YAMLTwice        Code = "yaml_twice"
	YAMLText         Code = "yaml_text"
	YAMLBool         Code = "yaml_bool"
	YAMLPosition     Code = "yaml_position"
	YAMLPasswordFile Code = "yaml_password_file"
)

// What messages say of areas.
const (
	AreaMissing   Code = "area_missing"
	AreaUnknown   Code = "area_unknown"
	AreaAmbiguous Code = "area_ambiguous"
	AreaDiffers   Code = "area_differs"
	AreaAddress   Code = "area_address"
	AreaDeep      Code = "area_deep"
	AreaNameBad   Code = "area_name_bad"
	AreaIDAll     Code = "area_id_all"
	AreaTwice     Code = "area_twice"
	ParentMissing Code = "parent_missing"
	AreaLoop      Code = "area_loop"
)

// What messages say of cameras.
const (
	IDBad            Code = "id_bad"
	IDMissing        Code = "id_missing"
	IDTwice          Code = "id_twice"
	CameraTwice      Code = "camera_twice"
	CameraAmbiguous  Code = "camera_ambiguous"
	NameMissing      Code = "name_missing"
	NameLong         Code = "name_long"
	NameControl      Code = "name_control"
	NameAddress      Code = "name_address"
	KindMissing      Code = "kind_missing"
	KindUnknown      Code = "kind_unknown"
	KindStays        Code = "kind_stays"
	MainMissing      Code = "main_missing"
	AddressScheme    Code = "address_scheme"
	AddressLong      Code = "address_long"
	AddressAt        Code = "address_at"
	AddressHost      Code = "address_host"
	AddressLetters   Code = "address_letters"
	AddressHidden    Code = "address_hidden"
	AddressLent      Code = "address_lent"
	WarmHousehold    Code = "warm_household"
	MasksLifted      Code = "masks_lifted"
	YAMLMasks        Code = "yaml_masks"
	SoundHousehold   Code = "sound_household"
	LoginConflict    Code = "login_conflict"
	LoginMoved       Code = "login_moved"
	SameAddress      Code = "same_address"
	UserMissing      Code = "user_missing"
	UserControl      Code = "user_control"
	PasswordControl  Code = "password_control"
	PasswordAgain    Code = "password_again"
	PositionHalf     Code = "position_half"
	PositionNumber   Code = "position_number"
	TransportUnknown Code = "transport_unknown"
	BoolUnknown      Code = "bool_unknown"
	ONVIFBad         Code = "onvif_bad"
	ONVIFMissing     Code = "onvif_missing"
	ONVIFText        Code = "onvif_text"
)

// texts are in English and in Vietnamese.
var texts = map[Code][2]string{
	FileFormat: {
		"a sheet is a file that ends in .csv, .tsv or .txt, or in .yaml or .yml: save it as one of these",
		"tệp phải có đuôi .csv, .tsv, .txt, .yaml hoặc .yml: hãy lưu lại theo một trong các dạng này",
	},
	FileLarge: {
		"the file is larger than {0} MiB: divide it",
		"tệp lớn hơn {0} MiB: hãy chia thành nhiều tệp",
	},
	FileParts: {
		"the file has more than {0} parts: divide it, or use CSV",
		"tệp có hơn {0} phần tử: hãy chia nhỏ, hoặc dùng CSV",
	},
	FileWorkbook: {
		"this is an Excel or LibreOffice workbook: open it and save it as \"CSV UTF-8 (Comma delimited) (*.csv)\"",
		"đây là tệp Excel hoặc LibreOffice: hãy mở ra và lưu thành \"CSV UTF-8 (Comma delimited) (*.csv)\"",
	},
	FileEncoding: {
		"the letters are not UTF-8: in Excel choose File, Save As, type \"CSV UTF-8 (Comma delimited) (*.csv)\"; in LibreOffice the character set Unicode (UTF-8)",
		"bảng mã của tệp không phải UTF-8: trong Excel chọn Tệp, Lưu thành, kiểu \"CSV UTF-8 (Comma delimited) (*.csv)\"; trong LibreOffice chọn bộ ký tự Unicode (UTF-8)",
	},
	FileEmpty: {
		"the file is empty: write a row with the columns' names, and a row for each camera",
		"tệp trống: hãy ghi một dòng tên cột và mỗi camera một dòng",
	},
	HeaderMissing: {
		"no row among the first ones names the columns, id, name or main among them: write one; the names are {0}",
		"không thấy dòng tên cột (phải có Mã, Tên camera hoặc Luồng chính): hãy thêm vào đầu bảng; các tên cột là {0}",
	},
	ColumnUnknown: {
		"this column is unknown: rename or remove it, or have unknown columns ignored; the names are {0}",
		"cột này không được biết đến: hãy đổi tên, xóa đi, hoặc chọn bỏ qua cột lạ; các tên cột là {0}",
	},
	ColumnIgnored: {
		"this column is unknown and was ignored",
		"cột này không được biết đến và đã được bỏ qua",
	},
	ColumnTwice: {
		"this column is there twice, first as column {0}: remove one",
		"cột này bị lặp, lần đầu ở cột {0}: hãy xóa một cột",
	},
	ColumnUnnamed: {
		"this cell stands in a column without a name: name the column, or empty the cell",
		"ô này nằm ở cột không có tên: hãy đặt tên cột hoặc xóa nội dung ô",
	},
	ColumnsMany: {
		"there are more than {0} columns: remove some",
		"có hơn {0} cột: hãy xóa bớt",
	},
	RowsMany: {
		"there are more than {0} rows: divide the file",
		"có hơn {0} dòng: hãy chia tệp",
	},
	RowAbove: {
		"this row above the columns' names was ignored",
		"dòng này nằm trên dòng tên cột và đã được bỏ qua",
	},
	QuoteOpen: {
		"a quotation mark begins here and none ends it: add one",
		"dấu ngoặc kép mở ở đây nhưng không đóng: hãy thêm dấu đóng",
	},
	QuoteStray: {
		"text follows the closing quotation mark: write quotation marks inside a cell twice",
		"có chữ sau dấu ngoặc kép đóng: dấu ngoặc kép trong ô phải viết hai lần",
	},
	CellLong: {
		"this cell is longer than {0} bytes: shorten it",
		"nội dung ô dài hơn {0} byte: hãy rút ngắn",
	},
	CamerasMany: {
		"there would be more than {0} cameras: import fewer",
		"sẽ có hơn {0} camera: hãy nhập ít hơn",
	},
	AreasMany: {
		"there would be more than {0} areas: import fewer",
		"sẽ có hơn {0} khu vực: hãy nhập ít hơn",
	},
	AreasDeep: {
		"area {0}, which is not in the file, would be more than {1} levels deep: leave the areas above it where they are",
		"khu vực {0} (không có trong tệp) sẽ sâu hơn {1} cấp: hãy giữ nguyên các khu vực cấp trên",
	},
	YAMLSyntax: {
		"this is not YAML: {0}",
		"tệp không đúng dạng YAML: {0}",
	},
	YAMLDocuments: {
		"a second document begins here: put all into one",
		"có tài liệu YAML thứ hai: hãy gộp thành một",
	},
	YAMLObject: {
		"this must be keys and values",
		"chỗ này phải là các cặp khóa và giá trị",
	},
	YAMLList: {
		"this must be a list",
		"chỗ này phải là một danh sách",
	},
	YAMLKey: {
		"unknown key (there are: {0})",
		"khóa không được biết đến (các khóa: {0})",
	},
	YAMLTwice: {
		"this key is there twice: remove one",
		"khóa này bị lặp: hãy xóa một",
	},
	YAMLText: {
		"this must be text: put it in quotes",
		"chỗ này phải là chữ: hãy đặt trong ngoặc kép",
	},
	YAMLBool: {
		"this must be true or false",
		"chỗ này phải là true hoặc false",
	},
	YAMLPosition: {
		"this must be [latitude, longitude] in degrees, such as [21.0126, 105.8169]",
		"chỗ này phải là [vĩ độ, kinh độ], ví dụ [21.0126, 105.8169]",
	},
	YAMLPasswordFile: {
		"an import takes no files of this machine: give password instead",
		"tệp nhập không được dùng password_file: hãy dùng password",
	},
	AreaMissing: {
		"the camera has no area: give its id, or its names from the top, such as Hà Nội / Phường Láng",
		"camera chưa có khu vực: hãy ghi mã, hoặc tên từ cấp trên xuống, ví dụ Hà Nội / Phường Láng",
	},
	AreaUnknown: {
		"there is no such area: correct its id, or give its names from the top, such as Hà Nội / Phường Láng",
		"không có khu vực này: hãy sửa mã, hoặc ghi tên từ cấp trên xuống, ví dụ Hà Nội / Phường Láng",
	},
	AreaAmbiguous: {
		"several areas are called so: give the id, or all names from the top: {0}",
		"có nhiều khu vực cùng tên: hãy ghi mã hoặc đủ tên từ cấp trên: {0}",
	},
	AreaDiffers: {
		"the area's id and its names mean two areas: empty one of the two cells",
		"mã và tên khu vực chỉ hai nơi khác nhau: hãy xóa một trong hai ô",
	},
	AreaAddress: {
		"this is an address, not an area: the columns may have slipped",
		"đây là địa chỉ, không phải khu vực: có thể các cột bị lệch",
	},
	AreaDeep: {
		"this area would be more than {0} levels deep: leave out some",
		"khu vực này sẽ sâu hơn {0} cấp: hãy bớt cấp",
	},
	AreaNameBad: {
		"a name in this path is longer than {0} bytes or has letters that cannot be shown: correct it",
		"có tên trong đường dẫn dài hơn {0} byte hoặc chứa ký tự không hiển thị được: hãy sửa",
	},
	AreaIDAll: {
		"no area may be called all, which stands for every area: choose another id",
		"không khu vực nào được mang mã all (nghĩa là mọi khu vực): hãy chọn mã khác",
	},
	AreaTwice: {
		"row {0} has this area already: remove one",
		"khu vực này đã có ở dòng {0}: hãy xóa một",
	},
	ParentMissing: {
		"there is no such area to stand in: add it, or correct parent",
		"không có khu vực cấp trên này: hãy thêm vào hoặc sửa parent",
	},
	AreaLoop: {
		"the area is its own ancestor, or more than {0} levels deep: correct its parent",
		"khu vực nằm trong chính nó, hoặc sâu hơn {0} cấp: hãy sửa parent",
	},
	IDBad: {
		"an id is 1 to 64 of a-z, 0-9 and -: correct it, or empty it to have one made from the name",
		"mã gồm 1 đến 64 ký tự a-z, 0-9 và -: hãy sửa, hoặc để trống để tự tạo từ tên",
	},
	IDMissing: {
		"it has no id: give it one of a-z, 0-9 and -",
		"thiếu mã: hãy đặt mã gồm a-z, 0-9 và -",
	},
	IDTwice: {
		"row {0} has this id already: give one of them another",
		"mã này đã có ở dòng {0}: hãy đổi một mã",
	},
	CameraTwice: {
		"row {0} says the same camera: remove one",
		"camera này đã có ở dòng {0}: hãy xóa một dòng",
	},
	CameraAmbiguous: {
		"several cameras fit this row: give the id of one: {0}",
		"có nhiều camera khớp với dòng này: hãy ghi mã của một camera: {0}",
	},
	NameMissing: {
		"it has no name: give it one",
		"thiếu tên: hãy đặt tên",
	},
	NameLong: {
		"the name is longer than {0} bytes: shorten it",
		"tên dài hơn {0} byte: hãy rút ngắn",
	},
	NameControl: {
		"the name holds letters that cannot be shown: write it again",
		"tên chứa ký tự không hiển thị được: hãy gõ lại",
	},
	NameAddress: {
		"this is an address, not a name: the columns may have slipped",
		"đây là địa chỉ, không phải tên: có thể các cột bị lệch",
	},
	KindMissing: {
		"say whose camera it is: public, household, office or institution",
		"hãy ghi loại camera: công cộng, hộ dân, cơ quan hoặc tổ chức",
	},
	KindUnknown: {
		"the kind must be public, household, office or institution",
		"loại phải là công cộng, hộ dân, cơ quan hoặc tổ chức (trường học, doanh nghiệp)",
	},
	KindStays: {
		"a citizen's camera stays one: remove it and add another",
		"camera hộ dân không đổi loại được: hãy xóa rồi thêm camera khác",
	},
	MainMissing: {
		"the camera has no main stream: give its RTSP address",
		"camera chưa có luồng chính: hãy ghi địa chỉ RTSP",
	},
	AddressScheme: {
		"the address must begin with rtsp:// or rtsps://",
		"địa chỉ phải bắt đầu bằng rtsp:// hoặc rtsps://",
	},
	AddressLong: {
		"the address is longer than {0} bytes: shorten it",
		"địa chỉ dài hơn {0} byte: hãy rút ngắn",
	},
	AddressAt: {
		"the address has an @ behind its host: in a password, write / as %2F, ? as %3F and # as %23; in a path, write @ as %40",
		"địa chỉ có dấu @ sau tên máy: trong mật khẩu, viết / là %2F, ? là %3F, # là %23; trong đường dẫn, viết @ là %40",
	},
	AddressHost: {
		"the address needs a host, and a port between 1 and 65535 if any, such as rtsp://10.1.2.3/Streaming/Channels/101",
		"địa chỉ cần tên máy, và cổng từ 1 đến 65535 nếu có, ví dụ rtsp://10.1.2.3/Streaming/Channels/101",
	},
	AddressLetters: {
		"the address has characters that a camera's URL cannot hold, such as #: correct it",
		"địa chỉ chứa ký tự không hợp lệ, chẳng hạn #: hãy sửa",
	},
	AddressHidden: {
		"an export hides passwords in addresses, and this address was changed: write the whole address again",
		"bản xuất đã che mật khẩu trong địa chỉ, và địa chỉ này đã thay đổi: hãy ghi lại đầy đủ",
	},
	AddressLent: {
		"a citizen's camera is, or was, at this address: it stays under its own id, with its owner's consent",
		"địa chỉ này là, hoặc đã từng là, của camera một hộ dân: camera đó giữ mã cũ, theo sự đồng ý của chủ nhà",
	},
	WarmHousehold: {
		"a citizen's camera is pulled only while somebody looks at it: leave keep_warm out",
		"camera hộ dân chỉ được kết nối khi có người đang xem: hãy bỏ mục giữ kết nối",
	},
	MasksLifted: {
		"this shows more of the picture than the camera's masks do now: leave masks out, and lift them on the camera's page",
		"như vậy sẽ lộ ra phần đang được che: hãy bỏ mục masks, và chỉ gỡ vùng che ở trang của camera",
	},
	YAMLMasks: {
		"masks are a list of at most {0} areas, each of 3 to {1} corners, such as [[0, 0], [0.4, 0], [0, 0.5]], from [0, 0] at the upper left to [1, 1]",
		"masks là danh sách tối đa {0} vùng, mỗi vùng có 3 đến {1} góc, ví dụ [[0, 0], [0.4, 0], [0, 0.5]], từ [0, 0] ở góc trên trái đến [1, 1]",
	},
	SoundHousehold: {
		"a citizen's camera is never heard: leave sound out",
		"camera hộ dân không bao giờ được nghe: hãy bỏ mục tiếng",
	},
	LoginConflict: {
		"the address holds another login than the rest of the row: write the address without one, and the account once in its own columns",
		"địa chỉ chứa tài khoản khác với phần còn lại của dòng: hãy bỏ tài khoản khỏi địa chỉ và chỉ ghi ở cột tài khoản, mật khẩu",
	},
	LoginMoved: {
		"the address held a login, which was taken out of it: better write it in the columns for account and password",
		"địa chỉ chứa tài khoản và đã được tách ra: nên ghi ở cột tài khoản và mật khẩu",
	},
	SameAddress: {
		"camera {0} has the same main address",
		"camera {0} có cùng địa chỉ luồng chính",
	},
	UserMissing: {
		"there is a password without an account: give the account too",
		"có mật khẩu nhưng thiếu tài khoản: hãy ghi tài khoản",
	},
	UserControl: {
		"the account holds letters that cannot be typed: write it again",
		"tài khoản chứa ký tự không gõ được: hãy ghi lại",
	},
	PasswordControl: {
		"the password holds letters that cannot be typed: write it again",
		"mật khẩu chứa ký tự không gõ được: hãy ghi lại",
	},
	PasswordAgain: {
		"the address or the account changed, and the password that is kept is not sent elsewhere: write the password again",
		"địa chỉ hoặc tài khoản đã đổi nên mật khẩu đã lưu không được dùng tiếp: hãy ghi lại mật khẩu",
	},
	PositionHalf: {
		"the position needs latitude and longitude: fill in both, or none",
		"vị trí cần cả vĩ độ và kinh độ: hãy ghi đủ hoặc để trống cả hai",
	},
	PositionNumber: {
		"this must be degrees from -{0} to {0}, such as 21.0126",
		"chỗ này phải là độ từ -{0} đến {0}, ví dụ 21.0126",
	},
	TransportUnknown: {
		"the transport must be auto, tcp or udp",
		"giao thức phải là auto (tự động), tcp hoặc udp",
	},
	ONVIFBad: {
		"this must be an IP address, or that of the device's service without a login, such as http://10.1.2.3/onvif/device_service",
		"chỗ này phải là địa chỉ IP hoặc địa chỉ dịch vụ ONVIF không kèm tài khoản, ví dụ http://10.1.2.3/onvif/device_service",
	},
	ONVIFMissing: {
		"what ONVIF is to do needs the address at which the camera is asked: fill in the ONVIF address, or empty the other ONVIF cells",
		"các ô ONVIF cần địa chỉ của thiết bị: hãy ghi địa chỉ ONVIF, hoặc để trống các ô ONVIF khác",
	},
	ONVIFText: {
		"this is no text of a device: it is longer than {0} bytes, or holds @ or what cannot be shown",
		"đây không phải giá trị của thiết bị: dài hơn {0} byte, có @ hoặc ký tự không hiển thị được",
	},
	BoolUnknown: {
		"this must be yes or no",
		"chỗ này phải là có hoặc không",
	},
}
