import '../style.css'
import './style.css'
import './manage-app'
